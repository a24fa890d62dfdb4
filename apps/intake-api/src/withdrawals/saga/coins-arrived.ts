import { isAboveDay, type UnitWorths } from '@sluice/ceilings';
import { NO_WITHDRAWAL, type Message, type WalletEvents } from '@sluice/messages';
import { Amount, isAsset, networkOf } from '@sluice/money';
import { recordWalletFundingMessage } from '../wire.js';
import type { BatchChanges } from './batch-changes.js';
import type { InboundEvent } from './inbound-event.js';

export type CoinsArrived = Extract<
  Message<WalletEvents>,
  { type: 'venue.coins-arrived.v1' }
>['data'];

/** The state of a case that is about no withdrawal. */
const NO_STATE = 'none';

/**
 * Asks the ledger to book what has come to our own wallet. It is the firm's: no customer has more to withdraw for it. What cannot be so, or is more than a
 * wallet needs, is a case with the whole report, and people book it once they have looked.
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
