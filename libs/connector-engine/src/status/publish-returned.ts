import { Amount, type Asset } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import { keepProofs, type EventWriter, type Trace } from '../wire/event-writer.js';

/** A returned payment, with the amount as stored. */
export interface ReturnedRow extends Trace {
  readonly asset: Asset;
  readonly amount: string;
  readonly venue_reference: string;
}

/** Publishes the return of a payment, and stores its proof for repeated reports. */
export function publishReturned(
  tx: Tx,
  events: EventWriter,
  row: ReturnedRow,
  { reason, message }: { readonly reason: string; readonly message: string },
): void {
  const fact = { ...returnedOf(row), reason, message };
  const proof = events.proofOfReturn(row, fact);
  tx.publish(events.returned(row, fact, proof));
  keepProofs(tx, [{ withdrawalId: row.withdrawal_id, proof }]);
}

/** The proof covers the amount as canonical text. */
export function returnedOf({
  asset,
  amount,
  venue_reference: venueReference,
}: Omit<ReturnedRow, keyof Trace>) {
  return { venueReference, asset, amount: Amount.of(amount, asset).toString() };
}
