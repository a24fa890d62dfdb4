import type { Preparation, WithdrawalOrder } from '@sluice/connector-rules';
import type { ChainSettings } from '@sluice/evm';
import { ok, refuse, type Result } from '@sluice/kernel';
import type { Address } from 'viem';
import { unitsOfAmount, type PayableAsset } from '../chain/payable-assets.js';
import { recipientOf } from './transfer-recipient.js';

/** An order converted to the chain's terms. */
export interface WantedTransfer {
  readonly order: WithdrawalOrder;
  readonly paid: PayableAsset;
  readonly to: Address;
  readonly amount: bigint;
}

/** The order is refused, or must wait. */
export type Unprepared = Exclude<Preparation, { kind: 'ready' }>;
type Refused = Extract<Preparation, { kind: 'refused' }>;
type NotReady = Extract<Preparation, { kind: 'not_ready' }>;

/** Refuses orders never payable by this wallet, before any resource is taken for them. */
export function wantedTransfer(
  order: WithdrawalOrder,
  paid: PayableAsset | undefined,
  settings: ChainSettings,
): Result<WantedTransfer, Refused> {
  if (paid === undefined)
    return refuse(refused('not_supported', `The wallet does not pay ${order.asset}`));
  const to = recipientOf(order.destination, settings);
  if (!to.ok) return refuse(refused(to.refusal.reason, to.refusal.message));
  const amount = unitsOfAmount(order.amount, paid);
  if (amount === null)
    return refuse(
      refused(
        'invalid_amount',
        `${order.asset} has ${paid.decimals} decimals, and pays more than nothing`,
      ),
    );
  if (order.signerReceipt === null)
    return refuse(
      refused('not_vouched_for', 'It carries no word of the ledger for the signer of this wallet'),
    );
  return ok({ order, paid, to: to.value, amount });
}

export function refused(reason: string, message: string): Refused {
  return { kind: 'refused', reason, message };
}

export function notReady(cause: string, retryAfterMs: number): NotReady {
  return { kind: 'not_ready', retryAfterMs, cause };
}
