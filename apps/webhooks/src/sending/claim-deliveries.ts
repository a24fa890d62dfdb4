import { ApiError, DELIVERY_COLUMNS } from '@sluice/http-api';
import { type Database, selectedByProperty, type Tx } from '@sluice/postgres';
import type { Capacity } from './lanes.js';

/** No other process may send the delivery until the lease ends. */
export interface ClaimedDelivery {
  readonly id: string;
  /** Fencing token: an outcome with another token has no effect. */
  readonly attemptId: string;
  readonly webhookId: string;
  readonly event: string;
  readonly body: string;
  readonly attemptCount: number;
  readonly createdAt: Date;
  readonly seal: string;
  /** Webhook revision at the time of the claim. */
  readonly revision: number;
}

/**
 * Claims due deliveries, longest due first, skipping locked rows. An abandoned attempt is recorded
 * as `outcome_unknown`.
 */
export function claimDeliveries(
  database: Pick<Database, 'query'>,
  capacities: readonly Capacity[],
  leaseMs: number,
): Promise<readonly ClaimedDelivery[]> {
  return database.query<ClaimedDelivery>(CLAIM, [
    capacities.map(({ webhookId }) => webhookId),
    capacities.map(({ slots }) => slots),
    leaseMs,
  ]);
}

const { id, attemptId, webhookId, event, body, attemptCount, createdAt, seal } = DELIVERY_COLUMNS;
const CLAIMED = selectedByProperty({
  id,
  attemptId,
  webhookId,
  event,
  body,
  attemptCount,
  createdAt,
  seal,
});

/**
 * The lease end is the next attempt time: one index finds new, retried and abandoned deliveries.
 */
const CLAIM = `
  WITH capacity AS MATERIALIZED (
         SELECT r.webhook_id, r.slots, w.revision FROM unnest($1::uuid[], $2::integer[]) AS r (webhook_id, slots)
           JOIN webhook w ON w.id = r.webhook_id AND w.state = 'enabled'),
       due AS MATERIALIZED (
         SELECT d.id, d.attempt_id, d.begun_at, capacity.revision FROM capacity CROSS JOIN LATERAL (
           SELECT id, attempt_id, begun_at FROM delivery
            WHERE webhook_id = capacity.webhook_id AND status = 'pending' AND next_attempt_at <= clock_timestamp()
            ORDER BY next_attempt_at LIMIT capacity.slots FOR UPDATE SKIP LOCKED) AS d),
       lost AS (
         INSERT INTO delivery_attempt (id, delivery_id, started_at, error)
         SELECT attempt_id, id, begun_at, 'outcome_unknown' FROM due WHERE attempt_id IS NOT NULL),
       claimed AS (
         UPDATE delivery d SET attempt_id = nextval('attempt_number'), begun_at = clock_timestamp(),
                next_attempt_at = clock_timestamp() + $3::integer * interval '1 millisecond'
           FROM due WHERE d.id = due.id
         RETURNING d.id, d.attempt_id, d.webhook_id, d.event, d.body, d.attempt_count, d.created_at, d.seal, due.revision)
  SELECT ${CLAIMED}, revision FROM claimed`;

/** Limit of tests and redeliveries per account and minute, over all webhooks of the account. */
const SENDS_PER_MINUTE = 30;

/** Counts a send by the account. Throws 429: customers must not attack another server. */
export async function allowSend(tx: Tx, accountId: string): Promise<void> {
  const [counted] = await tx.query(COUNT, [accountId, SENDS_PER_MINUTE]);
  if (!counted) throw new ApiError(429, 'Rate limit exceeded');
}

const COUNT = `
  INSERT INTO account_sends AS s (account_id, minute, sends) VALUES ($1, date_trunc('minute', now(), 'UTC'), 1)
  ON CONFLICT (account_id) DO UPDATE
     SET sends = CASE WHEN s.minute = excluded.minute THEN s.sends + 1 ELSE 1 END, minute = excluded.minute
   WHERE s.minute <> excluded.minute OR s.sends < $2
  RETURNING 1`;
