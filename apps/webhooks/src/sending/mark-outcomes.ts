import type { Tx, UnitOfWork } from '@sluice/postgres';
import { retryDelayMs } from './retry-schedule.js';
import type { ClaimedDelivery } from './claim-deliveries.js';
import type { ReceiverAnswer } from './webhook-http.js';

/** Outcome of a single attempt. */
export interface AttemptOutcome {
  readonly delivery: ClaimedDelivery;
  /** Start time of the attempt, by the database's clock. */
  readonly at: Date;
  readonly tookMs: number;
  readonly answer: ReceiverAnswer;
}

/** Returns true for any 2xx status; no other answer is a success. */
export function isDelivered(answer: ReceiverAnswer): boolean {
  return answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
}

/**
 * Stores outcomes and the next state of each delivery: delivered, retried after the contract's
 * delay, or failed. A single statement stores all outcomes. Returns the outcomes without effect:
 * another process has taken over the lease, or an operator has requeued the delivery.
 */
export async function markOutcomes(
  unitOfWork: Pick<UnitOfWork, 'run'>,
  outcomes: readonly AttemptOutcome[],
): Promise<readonly AttemptOutcome[]> {
  const marked = new Set(await unitOfWork.run((tx) => mark(tx, outcomes)));
  return outcomes.filter(({ delivery }) => !marked.has(delivery.attemptId));
}

async function mark(tx: Tx, outcomes: readonly AttemptOutcome[]): Promise<readonly string[]> {
  const rows = await tx.query<{ attempt_id: string }>(MARK, [
    outcomes.map(({ delivery }) => delivery.attemptId),
    outcomes.map(({ delivery }) => delivery.id),
    outcomes.map(({ at }) => at.toISOString()),
    outcomes.map(({ tookMs }) => Math.round(tookMs)),
    outcomes.map(({ answer }) => (answer.kind === 'answered' ? answer.status : null)),
    outcomes.map(({ answer }) => (answer.kind === 'failed' ? answer.error : null)),
    outcomes.map(({ answer }) => (answer.kind === 'answered' ? answer.answer : null)),
    outcomes.map(({ answer }) => isDelivered(answer)),
    outcomes.map(({ delivery }) => retryDelayMs(delivery.attemptCount + 1)),
  ]);
  return rows.map(({ attempt_id }) => attempt_id);
}

/** Rows are locked in the order of their numbers, webhooks in that of their ids: two processes wait for each other, but never in a circle. */
const MARK = `
  WITH outcome AS MATERIALIZED (
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::integer[], $5::integer[], $6::text[], $7::text[], $8::boolean[], $9::bigint[])
                  AS o (attempt_id, delivery_id, started_at, duration_ms, status, error, answer, is_delivered, retry_in_ms)),
       held AS MATERIALIZED (
         SELECT d.webhook_id, o.*, o.is_delivered OR o.retry_in_ms IS NULL AS is_over
           FROM delivery d JOIN outcome o ON o.delivery_id = d.id AND o.attempt_id = d.attempt_id
          ORDER BY d.id FOR UPDATE OF d),
       marked AS (
         UPDATE delivery d
            SET status = CASE WHEN h.is_delivered THEN 'delivered' WHEN h.is_over THEN 'failed' ELSE 'pending' END,
                attempt_count = d.attempt_count + 1, attempt_id = NULL, begun_at = NULL,
                next_attempt_at = CASE WHEN NOT h.is_over THEN clock_timestamp() + h.retry_in_ms * interval '1 millisecond' END,
                ended_at = CASE WHEN h.is_over THEN clock_timestamp() END
           FROM held h WHERE d.id = h.delivery_id),
       logged AS (
         INSERT INTO delivery_attempt (id, delivery_id, started_at, duration_ms, status, error, answer)
         SELECT attempt_id, delivery_id, started_at, duration_ms, status, error, answer FROM held),
       changed AS MATERIALIZED (
         SELECT w.id, h.is_well FROM webhook w
           JOIN (SELECT webhook_id, bool_or(is_delivered) AS is_well FROM held GROUP BY webhook_id) AS h ON h.webhook_id = w.id
          WHERE CASE WHEN h.is_well THEN w.failing_since IS NOT NULL
                     ELSE w.failed_at IS NULL OR w.failed_at < clock_timestamp() - interval '10 seconds' END
          ORDER BY w.id FOR UPDATE OF w),
       health AS (
         UPDATE webhook w SET failing_since = CASE WHEN NOT c.is_well THEN coalesce(w.failing_since, clock_timestamp()) END,
                failed_at = CASE WHEN NOT c.is_well THEN clock_timestamp() END
           FROM changed c WHERE w.id = c.id)
  SELECT attempt_id FROM held`;
