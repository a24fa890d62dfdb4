import { Counter, Gauge, Histogram } from 'prom-client';
import { DELIVERY_ATTEMPT_COLUMNS } from '@sluice/http-api';
import type { Columns } from '@sluice/kernel';
import { givenRows, namesOf, rowsOf, type Tx, type UnitOfWork } from '@sluice/postgres';
import type { ClaimedDelivery } from './claim-deliveries.js';
import type { ReceiverAnswer } from './webhook-http.js';

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
 * Stores outcomes and next states in one statement: the first success in the delivery's row, other
 * attempts in the log. Returns outcomes without effect, after a takeover or a requeue.
 */
export async function markOutcomes(
  unitOfWork: Pick<UnitOfWork, 'run'>,
  outcomes: readonly AttemptOutcome[],
): Promise<readonly AttemptOutcome[]> {
  const marked = new Set(await unitOfWork.run((tx) => mark(tx, outcomes)));
  return outcomes.filter(({ delivery }) => !marked.has(delivery.attemptId));
}

async function mark(tx: Tx, outcomes: readonly AttemptOutcome[]): Promise<readonly string[]> {
  const given = rowsOf(OUTCOME, outcomes.map(outcomeRow));
  const rows = await tx.query<{ id: string }>(MARK, [given]);
  return rows.map(({ id }) => id);
}

function outcomeRow({ delivery, at, tookMs, answer }: AttemptOutcome) {
  const answered = answer.kind === 'answered' ? answer : null;
  return {
    id: delivery.attemptId,
    deliveryId: delivery.id,
    startedAt: at,
    durationMs: Math.round(tookMs),
    status: answered?.status ?? null,
    error: answer.kind === 'failed' ? answer.error : null,
    answer: answered?.answer ?? null,
    isDelivered: isDelivered(answer),
    retryInMs: retryDelayMs(delivery.attemptCount + 1),
  };
}

/** Attempt with its result for the delivery. */
const OUTCOME = {
  ...DELIVERY_ATTEMPT_COLUMNS,
  isDelivered: { column: 'is_delivered', type: 'boolean' },
  retryInMs: { column: 'retry_in_ms', type: 'integer', nullable: true },
} as const satisfies Columns;
const LOGGED = namesOf(DELIVERY_ATTEMPT_COLUMNS);

/** Rows are locked in the order of their numbers, webhooks in that of their ids: two processes wait for each other, but never in a circle. */
const MARK = `
  WITH outcome AS MATERIALIZED (
         SELECT * FROM ${givenRows('o', OUTCOME)}),
       held AS MATERIALIZED (
         SELECT d.webhook_id, o.*, o.is_delivered OR o.retry_in_ms IS NULL AS is_over, o.is_delivered AND d.answered_attempt IS NULL AS is_first_success
           FROM delivery d JOIN outcome o ON o.delivery_id = d.id AND o.id = d.attempt_id
          ORDER BY d.id FOR UPDATE OF d),
       marked AS (
         UPDATE delivery d
            SET status = CASE WHEN h.is_delivered THEN 'delivered' WHEN h.is_over THEN 'failed' ELSE 'pending' END,
                attempt_count = d.attempt_count + 1, attempt_id = NULL, begun_at = NULL,
                next_attempt_at = CASE WHEN NOT h.is_over THEN clock_timestamp() + h.retry_in_ms * interval '1 millisecond' END,
                ended_at = CASE WHEN h.is_over THEN clock_timestamp() END,
                answered_attempt = CASE WHEN h.is_first_success THEN h.id ELSE d.answered_attempt END,
                answered_begun_at = CASE WHEN h.is_first_success THEN h.started_at ELSE d.answered_begun_at END,
                answered_duration_ms = CASE WHEN h.is_first_success THEN h.duration_ms ELSE d.answered_duration_ms END,
                answered_status = CASE WHEN h.is_first_success THEN h.status ELSE d.answered_status END,
                answered_body = CASE WHEN h.is_first_success THEN h.answer ELSE d.answered_body END
           FROM held h WHERE d.id = h.delivery_id),
       logged AS (
         INSERT INTO delivery_attempt (${LOGGED}) SELECT ${LOGGED} FROM held WHERE NOT is_first_success),
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
  SELECT id::text FROM held`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Delays in ms from a failed attempt to the next attempt, as fixed in the contract. */
const RETRY_DELAYS_MS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR, 24 * HOUR];

export const MOST_ATTEMPTS = RETRY_DELAYS_MS.length + 1;

/** Delay in ms after failed attempts; null after the last one. */
export function retryDelayMs(failedAttempts: number): number | null {
  return RETRY_DELAYS_MS[failedAttempts - 1] ?? null;
}

const forged = new Counter({
  name: 'sluice_forged_deliveries_total',
  help: 'Deliveries without a valid seal, which are not sent. A value above 0 is an incident: a row was written outside the service',
});

/** Ends claimed deliveries unsent as `forged_delivery`; the webhooks' health stays. */
export async function refuseForged(
  unitOfWork: Pick<UnitOfWork, 'run'>,
  deliveries: readonly Pick<ClaimedDelivery, 'id' | 'attemptId'>[],
): Promise<void> {
  if (deliveries.length === 0) return;
  forged.inc(deliveries.length);
  const given = [deliveries.map(({ id }) => id), deliveries.map(({ attemptId }) => attemptId)];
  await unitOfWork.run((tx) => tx.query(REFUSE, given));
}

const REFUSE = `
  WITH held AS MATERIALIZED (
         SELECT d.id, d.attempt_id, d.begun_at FROM delivery d
           JOIN unnest($1::bigint[], $2::bigint[]) AS f (id, attempt_id) ON f.id = d.id AND f.attempt_id = d.attempt_id
          ORDER BY d.id FOR UPDATE OF d),
       logged AS (
         INSERT INTO delivery_attempt (id, delivery_id, started_at, error)
         SELECT attempt_id, id, begun_at, 'forged_delivery' FROM held)
  UPDATE delivery d SET status = 'failed', next_attempt_at = NULL, ended_at = clock_timestamp(), attempt_id = NULL, begun_at = NULL
    FROM held h WHERE d.id = h.id`;

const attempts = new Counter({
  name: 'sluice_webhook_attempts_total',
  help: 'Attempts to deliver, by what came of them: delivered, or the status or the word of a failure',
  labelNames: ['outcome'],
});
const durations = new Histogram({
  name: 'sluice_webhook_attempt_seconds',
  help: 'How long a receiver took to answer, or until the attempt was given up',
  buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
});
const firstAttempts = new Histogram({
  name: 'sluice_webhook_first_attempt_seconds',
  help: 'From the transaction that scheduled a delivery to the beginning of its first attempt',
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 60],
});
const late = new Counter({
  name: 'sluice_webhook_late_outcomes_total',
  help: 'Outcomes that came when their lease was over, and changed nothing',
});
export const attemptsUnderWay = new Gauge({
  name: 'sluice_webhook_attempts_under_way',
  help: 'Attempts of this process that have no outcome yet',
});

export function countAttempt(
  { attemptCount, createdAt }: ClaimedDelivery,
  { at, tookMs, answer }: Omit<AttemptOutcome, 'delivery'>,
): void {
  const failure = answer.kind === 'failed' ? answer.error : `status_${answer.status}`;
  attempts.inc({ outcome: isDelivered(answer) ? 'delivered' : failure });
  durations.observe(tookMs / 1_000);
  if (attemptCount === 0)
    firstAttempts.observe(Math.max(0, at.getTime() - createdAt.getTime()) / 1_000);
}

export function countLate(outcomes: number): void {
  late.inc(outcomes);
}
