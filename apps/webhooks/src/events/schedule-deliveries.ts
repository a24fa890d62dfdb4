import { randomUUID } from 'node:crypto';
import { DELIVERY_CONTENT } from '@sluice/http-api';
import type { Columns } from '@sluice/kernel';
import { givenRows, namesOf, rowsOf, type Tx } from '@sluice/postgres';
import type { DeliverySeals } from '../trust/delivery-seals.js';
import { bodyAfterId, CREATED_EVENT, type NotifiedEvent } from './event-body.js';

/** Next place in an account's log, by the database's time: a restored database repeats none. */
const NEXT_POSITION_SQL = `${firstPositionSql('clock_timestamp()')} + nextval('event_position') % 2048`;

/** Returns SQL for the smallest position of a time; `momentSql` is the SQL expression of the time. */
export function firstPositionSql(momentSql: string): string {
  return `floor(extract(epoch FROM ${momentSql} - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048`;
}

export interface AccountEvent extends NotifiedEvent {
  readonly accountId: string;
  /** Webhook to exclude, because the event concerns this webhook. */
  readonly exceptWebhookId?: string;
}

/** Event of a step of a withdrawal, stored once for each message id. */
export interface StepEvent extends AccountEvent {
  readonly stepId: string;
  /** Time of the step. */
  readonly at: Date;
  readonly withdrawal: { readonly number: string; readonly clientReference: string | null };
}

/** Row of an event and a notified webhook, before it is stored. */
export interface PlannedDelivery {
  readonly id: string;
  readonly accountId: string;
  readonly webhookId: string | null;
  readonly event: string;
  readonly stepId: string | null;
  readonly withdrawal: string | null;
  readonly clientReference: string | null;
  readonly inLog: boolean;
  readonly body: string;
  readonly seal: string;
  readonly webhook: NotifiedWebhook | null;
  /** Fencing token for a claim; a number not used is skipped. */
  readonly attemptId: string;
}

interface NotifiedWebhook {
  readonly isEnabled: boolean;
  readonly isFailing: boolean;
  readonly revision: number;
}

/** Attempt begun before the row is stored. */
interface BegunAttempt {
  readonly begunAt: Date;
  /** First success; null if the answer is missing, or no success. */
  readonly success: {
    readonly durationMs: number;
    readonly status: number;
    readonly answer: string;
  } | null;
}

export interface NewDelivery extends PlannedDelivery {
  readonly attempt: BegunAttempt | null;
}

/**
 * Stores events, and a sealed delivery per subscribed webhook, in order. A paused webhook's rows
 * wait. Returns the webhooks with deliveries to send now.
 */
export async function scheduleDeliveries(
  tx: Tx,
  seals: DeliverySeals,
  events: readonly AccountEvent[],
): Promise<readonly string[]> {
  const at = await tx.now();
  const planned = await plan(
    tx,
    seals,
    events.map((event) => ({ ...event, at })),
  );
  const stored = await storeDeliveries(tx, planned.map(unsent), 0);
  if (stored.size < planned.length) throw new Error('the number of a delivery was taken meanwhile');
  return planned.flatMap(({ webhookId, webhook }) =>
    webhookId !== null && webhook?.isEnabled ? [webhookId] : [],
  );
}

/** Creates a delivery regardless of the subscribed events; returns its number. */
export async function scheduleDelivery(
  tx: Tx,
  seals: DeliverySeals,
  webhook: { readonly id: string; readonly accountId: string },
  event: NotifiedEvent,
): Promise<string> {
  const { id: onlyWebhookId, accountId } = webhook;
  const at = await tx.now();
  for (;;) {
    const [planned] = await plan(tx, seals, [{ ...event, accountId, onlyWebhookId, at }]);
    if (!planned) throw new Error('a webhook that was found has no delivery');
    const stored = await storeDeliveries(tx, [unsent(planned)], 0);
    // a transaction of one account does not see the numbers of others, and draws another one
    if (stored.size > 0) return planned.id;
  }
}

function unsent(planned: PlannedDelivery): NewDelivery {
  return { ...planned, attempt: null };
}

/**
 * Returns the rows of steps that are not stored. A repeated step has the same numbers and bodies,
 * because both derive from the step.
 */
export function planSteps(
  database: Pick<Tx, 'query'>,
  seals: DeliverySeals,
  steps: readonly StepEvent[],
): Promise<readonly PlannedDelivery[]> {
  const byId = new Map(steps.map((step) => [step.stepId, step]));
  return plan(database, seals, [...byId.values()]);
}

interface PlannedEvent extends AccountEvent, Partial<Pick<StepEvent, 'stepId' | 'withdrawal'>> {
  readonly at: Date;
  /** Webhook notified regardless of its events; the event is not in the account's log. */
  readonly onlyWebhookId?: string;
}

async function plan(
  database: Pick<Tx, 'query'>,
  seals: DeliverySeals,
  events: readonly PlannedEvent[],
): Promise<readonly PlannedDelivery[]> {
  if (events.length === 0) return [];
  const rows = await database.query<PlannedRow>(PLAN, [
    events.map(({ accountId }) => accountId),
    events.map(({ event }) => event),
    events.map(({ exceptWebhookId = null }) => exceptWebhookId),
    events.map(({ onlyWebhookId = null }) => onlyWebhookId),
    events.map(({ stepId = randomUUID() }) => stepId),
    events.map(({ at }) => at.toISOString()),
    events.map(({ withdrawal }) => withdrawal?.number ?? null),
  ]);
  const used = new Set<string>();
  const inLog = new Set<PlannedEvent>();
  const named = new Set<string>();
  return rows.map((row) => {
    const event = events[row.place - 1] as PlannedEvent;
    const { accountId, stepId = null, withdrawal, onlyWebhookId } = event;
    const { webhookId, attemptId } = row;
    const id = freeNumber(row.id, used);
    const content = {
      id,
      webhookId,
      event: event.event,
      body: `{"id":${id}${bodyAfterId(event, event.at)}`,
    };
    const isNamed = withdrawal === undefined || row.isNamed || named.has(withdrawal.number);
    if (withdrawal) named.add(withdrawal.number);
    const isInLog = onlyWebhookId === undefined && !inLog.has(event);
    inLog.add(event);
    return {
      ...content,
      accountId,
      stepId,
      withdrawal: withdrawal?.number ?? null,
      clientReference: isNamed ? null : withdrawal.clientReference,
      inLog: isInLog,
      seal: seals.seal(content, accountId),
      webhook: webhookId === null ? null : row,
      attemptId,
    };
  });
}

interface PlannedRow extends NotifiedWebhook {
  readonly id: string;
  readonly attemptId: string;
  readonly webhookId: string | null;
  readonly place: number;
  /** True if a stored row of the withdrawal has the client reference. */
  readonly isNamed: boolean;
}

/** Numbers are hashes: two of a batch may be equal. */
function freeNumber(number: string, used: Set<string>): string {
  let free = number;
  while (used.has(free)) free = String(BigInt(free) + 1n);
  used.add(free);
  return free;
}

/** Stores rows; claims those with an attempt. Returns the numbers that another process did not store. */
export async function storeDeliveries(
  tx: Tx,
  deliveries: readonly NewDelivery[],
  leaseMs: number,
): Promise<ReadonlySet<string>> {
  if (deliveries.length === 0) return new Set();
  const given = rowsOf(NEW_ROW, deliveries.map(newRow));
  const rows = await tx.query<{ id: string }>(INSERT, [given, leaseMs]);
  const stored = new Set(rows.map(({ id }) => id));
  const repeated = deliveries.filter(({ id, stepId }) => stepId !== null && !stored.has(id));
  if (repeated.length > 0) await requireRepeated(tx, repeated);
  return stored;
}

/** Throws if the number belongs to another step or webhook: the batch is planned again. */
async function requireRepeated(tx: Tx, repeated: readonly NewDelivery[]): Promise<void> {
  const rows = await tx.query<{ id: string; step_id: string | null; webhook_id: string | null }>(
    'SELECT id::text, step_id, webhook_id FROM delivery WHERE id = ANY ($1::bigint[])',
    [repeated.map(({ id }) => id)],
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  const foreign = repeated.find(({ id, stepId, webhookId }) => {
    const row = stored.get(id);
    return row?.step_id !== stepId || row.webhook_id !== webhookId;
  });
  if (foreign) throw new Error(`the number ${foreign.id} belongs to another delivery`);
}

function newRow({ attempt, ...planned }: NewDelivery, place: number) {
  const success = attempt?.success ?? null;
  return {
    ...planned,
    place,
    attemptId: attempt && planned.attemptId,
    begunAt: attempt && attempt.begunAt,
    answeredDurationMs: success && Math.round(success.durationMs),
    answeredStatus: success && success.status,
    answeredBody: success && success.answer,
  };
}

const { createdAt: _createdAt, position: _position, ...CONTENT } = DELIVERY_CONTENT;
const NEW_ROW = {
  ...CONTENT,
  attemptId: { column: 'attempt_id', type: 'bigint', nullable: true },
  begunAt: { column: 'begun_at', type: 'timestamptz', nullable: true },
  answeredDurationMs: { column: 'answered_duration_ms', type: 'integer', nullable: true },
  answeredStatus: { column: 'answered_status', type: 'integer', nullable: true },
  answeredBody: { column: 'answered_body', type: 'text', nullable: true },
  place: { column: 'place', type: 'integer' },
} as const satisfies Columns;
const STORED = namesOf(CONTENT);

/**
 * Number of a row: hour of the step, and 32 bits of a hash of step and webhook; the next free
 * number if another row has it.
 */
const PLAN = `
  WITH event AS MATERIALIZED (
         SELECT e.*, stored.is_named
           FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::bigint[]) WITH ORDINALITY
                  AS e (account_id, event, except_id, only_id, step_id, at, withdrawal, place)
          CROSS JOIN LATERAL (
            SELECT bool_or(d.step_id = e.step_id) AS is_stored, count(d.client_reference) > 0 AS is_named FROM delivery d WHERE d.withdrawal = e.withdrawal) AS stored
          WHERE stored.is_stored IS NOT TRUE),
       notified AS (
         SELECT e.place, e.is_named, w.id AS webhook_id, w.state = 'enabled' AS is_enabled, w.failing_since IS NOT NULL AS is_failing, w.revision,
                1 + greatest(floor(extract(epoch FROM e.at - timestamptz '2026-01-01T00:00:00Z') / 3600)::bigint, 0) * 4294967296
                  + ('x' || encode(substr(sha256(convert_to(e.step_id || coalesce(w.id::text, ''), 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint AS number
           FROM event e LEFT JOIN webhook w ON w.account_id = e.account_id AND w.state <> 'deleted' AND w.id IS DISTINCT FROM e.except_id
                                           AND CASE WHEN e.only_id IS NULL THEN e.event = ANY (w.events) OR e.event = '${CREATED_EVENT}' ELSE w.id = e.only_id END
          ORDER BY e.place, w.id OFFSET 0)
  SELECT free.number::text AS id, nextval('attempt_number')::text AS "attemptId", webhook_id AS "webhookId", is_named AS "isNamed",
         is_enabled AS "isEnabled", is_failing AS "isFailing", revision, place::integer
    FROM notified n CROSS JOIN LATERAL (
      SELECT one.number FROM generate_series(n.number, n.number + 63) AS one (number)
       WHERE NOT EXISTS (SELECT FROM delivery d WHERE d.id = one.number) LIMIT 1) AS free`;

/** The positions are drawn after the order, so that they grow with the events. */
const INSERT = `
  INSERT INTO delivery (${STORED}, position, status, attempt_count, attempt_id, begun_at, next_attempt_at,
                        answered_attempt, answered_begun_at, answered_duration_ms, answered_status, answered_body, created_at, ended_at)
  SELECT ${STORED}, ${NEXT_POSITION_SQL}, status, is_answered::integer,
         CASE WHEN status = 'pending' THEN attempt_id END, CASE WHEN status = 'pending' THEN begun_at END,
         CASE WHEN status = 'pending' THEN CASE WHEN attempt_id IS NULL THEN now() ELSE clock_timestamp() + $2::integer * interval '1 millisecond' END END,
         CASE WHEN is_answered THEN attempt_id END, CASE WHEN is_answered THEN begun_at END, answered_duration_ms, answered_status, answered_body,
         now(), CASE WHEN status <> 'pending' THEN clock_timestamp() END
    FROM (SELECT r.*, r.answered_status IS NOT NULL AS is_answered,
                 CASE WHEN r.webhook_id IS NOT NULL THEN CASE WHEN r.answered_status IS NOT NULL THEN 'delivered' WHEN w.state = 'deleted' THEN 'failed' ELSE 'pending' END END AS status
            FROM ${givenRows('r', NEW_ROW)} LEFT JOIN webhook w ON w.id = r.webhook_id
           ORDER BY r.place OFFSET 0) AS r
      ON CONFLICT (id) DO NOTHING
  RETURNING id::text`;
