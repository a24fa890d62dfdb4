import {
  Amount,
  currencyOf,
  gasCeilingOf,
  gasFault,
  isAsset,
  type UnitWorths,
} from '@sluice/kernel';
import {
  encode,
  HOUSE_ACCOUNT,
  ledgerCommands,
  type Message,
  NO_WITHDRAWAL,
  type WalletEventsTopic,
  type WireMessage,
} from '@sluice/messages';
import type { Tx } from '@sluice/postgres';
import type { OpenedCase } from '../../cases/withdrawal-cases.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { attributes, type Cause } from '../../wire/wire.js';
import type { BatchChanges } from './batch-changes.js';
import type { CoinsArrived } from './coins-arrived.js';
import type { InboundEvent } from './inbound-event.js';

export type GasSpent = Extract<Message<WalletEventsTopic>, { type: 'venue.gas-spent.v1' }>['data'];
export type GasToppedUp = Extract<
  Message<WalletEventsTopic>,
  { type: 'venue.gas-topped-up.v1' }
>['data'];

/** Cost reported by our own wallet; without a second witness, accepted only within bounds. */
export type WalletCost =
  | {
      readonly kind: 'gas_spent';
      readonly cost: GasSpent;
      /** Withdrawal paid by the transaction; absent for a transaction without a withdrawal. */
      readonly withdrawalId?: string;
    }
  | { readonly kind: 'gas_topped_up'; readonly cost: GasToppedUp };

/** Ledger's refusal of a cost; `of`: withdrawal causing the cost. */
export interface RefusedCost {
  readonly of: string | undefined;
  readonly command: string;
  readonly commandId: string;
  readonly reason: string;
}

export interface BookedCost {
  readonly asset: string;
  readonly amount: string;
}

/** State of a finding without a withdrawal. */
const NO_STATE = 'none';

/**
 * Has the cost booked. An implausible cost opens a case instead; gas of an unknown payment opens a
 * case too.
 */
export function bookWalletCost(
  batch: BatchChanges,
  event: InboundEvent,
  change: WalletCost,
  at: Date,
): void {
  const { cost } = change;
  const stored = 'withdrawalId' in change ? batch.rows.get(change.withdrawalId ?? '') : undefined;
  const { worths } = batch;
  const fault =
    change.kind === 'gas_spent'
      ? spentFault(change.cost, worths)
      : amountFault(cost, 'topUp', worths);
  if (fault !== null) return void batch.cases.push(costCase(fault, change, stored));
  if (isNothing(cost)) return;
  if (change.kind === 'gas_topped_up')
    return void batch.outgoing.push(recordGasTopUpMessage(change.cost, at, event));
  if (change.cost.purpose === 'payment' && !hadBy(stored, cost.venue))
    batch.cases.push(costCase('gas_of_no_payment', change, stored));
  batch.costs.push(cost);
  batch.outgoing.push(recordGasMessage(change.cost, at, event));
}

/**
 * Adds booked costs to the day's sums; returns a case for each day first above the expected sum.
 */
export async function countWalletCosts(
  tx: Tx,
  costs: readonly BookedCost[],
  worths: UnitWorths,
): Promise<readonly OpenedCase[]> {
  if (costs.length === 0) return [];
  const sums = await tx.query<{ asset: string; day: string; amount: string }>(COUNT, [
    costs.map(({ asset }) => asset),
    costs.map(({ amount }) => amount),
  ]);
  const above = sums.filter((sum) => isAboveDay(sum, worths));
  return above.map(({ asset, day, amount }) => ({
    messageId: `gas_above_day ${asset} ${day}`,
    withdrawalId: NO_WITHDRAWAL,
    state: NO_STATE,
    trigger: 'gas_above_day',
    detail: JSON.stringify({ asset, day, amount }),
  }));
}

/** Cost or arrival refused by the ledger: one case per day, reason and withdrawal. */
export function refusedCostCase(
  { of, command, commandId, reason }: RefusedCost,
  at: Date,
): OpenedCase {
  const withdrawalId = of ?? NO_WITHDRAWAL;
  const day = at.toISOString().slice(0, 10);
  return {
    messageId: `refused ${command} ${reason} ${withdrawalId} ${day}`,
    withdrawalId,
    state: NO_STATE,
    trigger: command === 'ledger.record-wallet-funding.v1' ? 'arrival_refused' : 'gas_refused',
    detail: JSON.stringify({ command, commandId, reason }),
  };
}

function spentFault(cost: GasSpent, worths: UnitWorths): string | null {
  const { wallet, purpose } = cost;
  if (purpose !== 'void' && (purpose === 'top_up') !== (wallet === 'tank'))
    return 'gas_of_other_wallet';
  return amountFault(cost, 'spent', worths);
}

function amountFault(
  { network, asset, amount }: GasSpent | GasToppedUp,
  booked: 'spent' | 'topUp',
  worths: UnitWorths,
): string | null {
  const fault = isAsset(asset)
    ? gasFault(Amount.of(amount, asset), network, booked, worths)
    : 'not_native';
  return fault && `gas_${fault}`;
}

function isNothing({ amount, asset }: BookedCost): boolean {
  return isAsset(asset) && Amount.of(amount, asset).isZero();
}

function hadBy(stored: StoredWithdrawal | undefined, venue: string): boolean {
  if (stored === undefined) return false;
  const { withdrawal } = stored;
  return withdrawal.venue === venue || withdrawal.tried.includes(venue);
}

function isAboveDay({ asset, amount }: BookedCost, worths: UnitWorths): boolean {
  const ceiling = isAsset(asset) ? gasCeilingOf(currencyOf(asset), worths) : null;
  return (
    isAsset(asset) &&
    ceiling !== null &&
    Amount.of(ceiling.day, asset).lessThan(Amount.of(amount, asset))
  );
}

function costCase(
  trigger: string,
  change: WalletCost,
  stored: StoredWithdrawal | undefined,
): OpenedCase {
  const { cost } = change;
  return {
    messageId: `${trigger} ${cost.network} ${cost.txHash}`,
    withdrawalId: stored?.withdrawal.order.id ?? NO_WITHDRAWAL,
    state: stored?.withdrawal.state ?? NO_STATE,
    trigger,
    detail: JSON.stringify(cost),
  };
}

const COUNT = `
  INSERT INTO gas_day AS d (asset, day, amount, transactions)
  SELECT g.asset, (clock_timestamp() AT TIME ZONE 'UTC')::date, sum(g.amount), count(*) FROM unnest($1::text[], $2::numeric[]) AS g (asset, amount)
   GROUP BY g.asset ORDER BY g.asset
  ON CONFLICT (asset, day) DO UPDATE SET amount = d.amount + excluded.amount, transactions = d.transactions + excluded.transactions
  RETURNING asset, day::text, amount::text`;

function recordGasMessage(cost: GasSpent, at: Date, cause: Cause): WireMessage {
  const { wallet, withdrawalId } = cost;
  return encode(ledgerCommands, {
    ...attributes(HOUSE_ACCOUNT, at, undefined, cause),
    type: 'ledger.record-gas.v1',
    data: { ...bookedCost(cost), wallet, ...(withdrawalId !== NO_WITHDRAWAL && { withdrawalId }) },
  });
}

function recordGasTopUpMessage(cost: GasToppedUp, at: Date, cause: Cause): WireMessage {
  return encode(ledgerCommands, {
    ...attributes(HOUSE_ACCOUNT, at, undefined, cause),
    type: 'ledger.record-gas-top-up.v1',
    data: bookedCost(cost),
  });
}

export function recordWalletFundingMessage(
  { network, wallet, asset, amount, at: effectiveAt }: CoinsArrived,
  reference: string,
  at: Date,
  cause: Cause,
): WireMessage {
  return encode(ledgerCommands, {
    ...attributes(HOUSE_ACCOUNT, at, undefined, cause),
    type: 'ledger.record-wallet-funding.v1',
    data: { accountId: HOUSE_ACCOUNT, network, wallet, asset, amount, reference, effectiveAt },
  });
}

function bookedCost({ network, asset, amount, txHash, at }: GasSpent | GasToppedUp) {
  return {
    accountId: HOUSE_ACCOUNT,
    network,
    asset,
    amount,
    reference: txHash,
    effectiveAt: at,
  };
}
