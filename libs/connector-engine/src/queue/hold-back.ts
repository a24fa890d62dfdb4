import type { Logger } from '@sluice/background';
import type { Tx } from '@sluice/postgres';
import { openCases } from '../cases/open-cases.js';
import { TRACE_COLUMNS, type EventWriter, type Trace } from '../wire.js';

/** An order that may have been paid before it was sent from here, and why. */
export interface HeldBack {
  readonly withdrawalId: string;
  readonly cause: string;
}

/**
 * Keeps orders back until a person has decided: neither their deadline nor a cancel request proves that nothing moved. Each opens a case and is
 * told once; one that is no longer prepared is left alone.
 */
export async function holdBack(
  tx: Tx,
  events: Pick<EventWriter, 'unknown'>,
  logger: Pick<Logger, 'error'>,
  held: readonly HeldBack[],
): Promise<void> {
  const causes = new Map(held.map(({ withdrawalId, cause }) => [withdrawalId, cause]));
  const rows = await tx.query<Trace & { published_before: boolean }>(HOLD_BACK, [
    held.map(({ withdrawalId }) => withdrawalId),
  ]);
  const found = rows.map((row) => ({ row, cause: causes.get(row.withdrawal_id) ?? '' }));
  const opened = await openCases(
    tx,
    found.map(({ row, cause: text }) => ({
      withdrawalId: row.withdrawal_id,
      kind: 'held_back',
      text,
    })),
  );
  for (const one of opened)
    logger.error({ ...one }, 'a person must decide whether an order was paid already');
  for (const { row, cause } of found)
    if (!row.published_before) tx.publish(events.unknown(row, { cause, needsDecision: true }));
}

const HOLD_BACK = `
  WITH before AS (
    SELECT s.withdrawal_id, s.unknown_published FROM submission s
     WHERE s.withdrawal_id = ANY ($1::uuid[]) AND s.state = 'prepared' ORDER BY s.withdrawal_id FOR UPDATE OF s),
  s AS (
    UPDATE submission s SET lookup_first = true, unknown_published = true, next_action_at = clock_timestamp() + interval '1 minute'
      FROM before b WHERE s.withdrawal_id = b.withdrawal_id
    RETURNING s.*, b.unknown_published AS published_before)
  SELECT ${TRACE_COLUMNS}, s.published_before FROM s`;
