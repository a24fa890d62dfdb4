import { Amount, type Asset } from '@sluice/kernel';
import { rowsJson, type Tx } from '@sluice/postgres';
import { from, stateBy } from '../rows/state-sql.js';
import { type EventWriter, keepProofs, type Trace, TRACE_COLUMNS } from '../wire/event-writer.js';
import type { JudgedRecord } from './judgement.js';

/** A return, or the first record of a return, which a second reading must confirm. */
interface SeenReturn extends ReturnedRow {
  readonly kind: 'first' | 'again';
}

/** Stores the returns among the verdicts. A record read again after `confirmedAfterMs` is no passing fault. */
export async function applyReturns(
  tx: Tx,
  events: EventWriter,
  judged: readonly JudgedRecord[],
  confirmedAfterMs: number,
): Promise<void> {
  const returned = judged.flatMap(({ submission: { withdrawalId }, verdict }) =>
    verdict.kind === 'returned' ? [{ withdrawalId, ...verdict }] : [],
  );
  if (returned.length === 0) return;
  const rows = await tx.query<SeenReturn>(APPLY_RETURNS, [
    rowsJson(returned.map(({ withdrawalId, reason }) => ({ withdrawal_id: withdrawalId, reason }))),
    confirmedAfterMs,
  ]);
  for (const row of rows) {
    const because = returned.find(({ withdrawalId }) => withdrawalId === row.withdrawal_id);
    if (row.kind === 'again' && because) publishReturned(tx, events, row, because);
  }
}

/** A returned payment, with the amount as stored. */
interface ReturnedRow extends Trace {
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

export const DUE_RETURNS = `
  SELECT s.withdrawal_id, s.destination, s.venue_time, s.last_venue_time FROM submission s
   WHERE s.form = $1 AND s.state = 'settled' AND s.next_action_at <= clock_timestamp()
   ORDER BY s.next_action_at LIMIT $2`;

/** Stores returns. A record read again after $2 milliseconds confirms the return. */
export const APPLY_RETURNS = `
  WITH v AS (SELECT * FROM json_to_recordset($1::json) AS v(withdrawal_id uuid, reason text)),
  seen AS (
    SELECT s.withdrawal_id, CASE WHEN s.returned_seen_at <= clock_timestamp() - $2 * interval '1 millisecond' THEN 'again' ELSE 'first' END AS kind
      FROM submission s JOIN v USING (withdrawal_id) WHERE s.state ${from('venue_returned')} ORDER BY s.withdrawal_id FOR UPDATE OF s)
  UPDATE submission s
     SET state = ${stateBy('d.kind', { again: 'venue_returned' }, 's.state')},
         returned_seen_at = coalesce(s.returned_seen_at, clock_timestamp()),
         returned_amount = CASE d.kind WHEN 'again' THEN s.amount END,
         reason = CASE d.kind WHEN 'again' THEN v.reason ELSE s.reason END,
         next_action_at = CASE d.kind WHEN 'first' THEN coalesce(s.returned_seen_at, clock_timestamp()) + $2 * interval '1 millisecond' END
    FROM v JOIN seen d USING (withdrawal_id) WHERE s.withdrawal_id = v.withdrawal_id
  RETURNING ${TRACE_COLUMNS}, d.kind, s.asset, s.amount::text, s.venue_reference`;

/** Forgets a return that a later record of a settled payment does not confirm. */
export const STILL_PAID = `
  UPDATE submission SET returned_seen_at = NULL
   WHERE form = $1 AND venue_reference = ANY ($2::text[]) AND state = 'settled' AND returned_seen_at IS NOT NULL`;

/** Schedules the next reading, until the time of returns is over. A return just seen keeps its time. */
export const READ_LATER = `
  UPDATE submission s
     SET next_action_at = CASE WHEN clock_timestamp() < s.finished_at + $3 * interval '1 millisecond' THEN clock_timestamp() + $2 * interval '1 millisecond' END
   WHERE s.withdrawal_id = ANY ($1::uuid[]) AND s.state = 'settled' AND s.next_action_at <= clock_timestamp()`;
