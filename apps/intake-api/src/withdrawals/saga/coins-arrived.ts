import { Amount, isAboveDay, isAsset, networkOf, type UnitWorths } from '@sluice/kernel';
import { NO_WITHDRAWAL, type Message, type WalletEventsTopic } from '@sluice/messages';
import { recordWalletFundingMessage } from './wallet-costs.js';
import type { BatchChanges } from './batch-changes.js';
import type { InboundEvent } from './inbound-event.js';

export type CoinsArrived = Extract<
  Message<WalletEventsTopic>,
  { type: 'venue.coins-arrived.v1' }
>['data'];

/** State of a case without a withdrawal. */
const NO_STATE = 'none';

/**
 * Has an arrival in our wallet booked, as money of the firm. An implausible arrival opens a case
 * instead.
 */
export function bookArrival(
  batch: BatchChanges,
  event: InboundEvent,
  arrived: CoinsArrived,
  at: Date,
): void {
  const fault = faultOf(arrived, batch.worths);
  const reference = `${arrived.address} ${arrived.asset} ${arrived.number}`;
  if (fault === null)
    return void batch.outgoing.push(recordWalletFundingMessage(arrived, reference, at, event));
  batch.cases.push({
    messageId: `${fault} ${reference}`,
    withdrawalId: NO_WITHDRAWAL,
    state: NO_STATE,
    trigger: fault,
    detail: JSON.stringify(arrived),
  });
}

function faultOf({ network, asset, amount }: CoinsArrived, worths: UnitWorths): string | null {
  if (!isAsset(asset) || networkOf(asset) !== network) return 'coins_of_other_network';
  return isAboveDay(Amount.of(amount, asset), worths) ? 'coins_above_ceiling' : null;
}
