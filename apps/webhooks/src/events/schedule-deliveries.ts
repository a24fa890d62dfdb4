import type { Tx } from '@sluice/postgres';
import type { ClaimedDelivery } from '../sending/claim-deliveries.js';
import type { NewClaims } from '../sending/new-claims.js';
import type { DeliverySeals } from '../trust/delivery-seals.js';
import { bodyAfterId, CREATED_EVENT, type NotifiedEvent } from './event-body.js';

/**
 * Next number, by the database's time: a restored database repeats none, and receivers drop no
 * second event.
 */
const NEXT_ID_SQL = `${firstIdSql('clock_timestamp()')} + nextval('delivery_number') % 2048`;

/** Returns SQL for the smallest number of a time; `momentSql` is the SQL expression of the time. */
export function firstIdSql(momentSql: string): string {
  return `floor(extract(epoch FROM ${momentSql} - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048`;
}

export interface AccountEvent extends NotifiedEvent {
  readonly accountId: string;
  /** Webhook to exclude, because the event concerns this webhook. */
  readonly exceptWebhookId?: string;
  /** Withdrawal concerned by the event, if any. */
  readonly withdrawal?: { readonly number: string; readonly clientReference: string | null };
}

/** Event of a step, stored once for each message id. */
export interface StepEvent extends AccountEvent {
  readonly stepId: string;
}

interface Scheduled {
  /** Message ids of the steps that were not stored before. */
  readonly stored: ReadonlySet<string>;
  /** Distinct enabled webhooks with deliveries that no process has claimed. */
  readonly waiting: readonly string[];
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
  return (await schedule(tx, seals, events, null)).waiting;
}

/**
 * Like `scheduleDeliveries`, for steps: a stored step has no effect, and deliveries with a free
 * slot are claimed.
 */
export async function scheduleSteps(
  tx: Tx,
  seals: DeliverySeals,
  steps: readonly StepEvent[],
  claims: NewClaims,
): Promise<Scheduled> {
  return schedule(tx, seals, steps, claims);
}

async function schedule(
  tx: Tx,
  seals: DeliverySeals,
  events: readonly (AccountEvent & Partial<StepEvent>)[],
  claims: NewClaims | null,
): Promise<Scheduled> {
  if (events.length === 0) return { stored: new Set(), waiting: [] };
  const at = await tx.now();
  const accounts = events.map(({ accountId }) => accountId);
  const names = events.map(({ event }) => event);
  const bodies = events.map((event) => bodyAfterId(event, at));
  const kept = tx.query<{ step_id: string | null }>(KEEP, [
    accounts,
    names,
    bodies,
    events.map(({ withdrawal }) => withdrawal?.number ?? null),
    events.map(({ withdrawal }) => withdrawal?.clientReference ?? null),
    events.map(({ stepId = null }) => stepId),
  ]);
  const subscribed = await tx.query<Subscribed>(SUBSCRIBED, [
    accounts,
    names,
    events.map(({ exceptWebhookId = null }) => exceptWebhookId),
  ]);
  const stored = new Set((await kept).flatMap(({ step_id: stepId }) => stepId ?? []));
  const unseen = new Set(stored);
  // delete: a step repeated in the batch counts once
  const isNew = events.map(({ stepId }) => stepId === undefined || unseen.delete(stepId));
  const notified = subscribed.filter(({ place }) => isNew[place - 1]);
  const waiting = insertClaimed(tx, seals, claims, {
    createdAt: at,
    deliveries: notified.map((one) => ({
      ...one,
      body: bodyOf(one.id, bodies[one.place - 1] ?? ''),
    })),
  });
  return { stored, waiting };
}

/** Claims deliveries with a free slot and inserts all. Returns enabled webhooks with others. */
function insertClaimed(
  tx: Tx,
  seals: DeliverySeals,
  claims: NewClaims | null,
  { createdAt, deliveries }: { createdAt: Date; deliveries: readonly (Subscribed & NewDelivery)[] },
): readonly string[] {
  const claimed: ClaimedDelivery[] = [];
  const waiting = new Set<string>();
  const rows = deliveries.map((one) => {
    const { id, webhookId, accountId, event, body, state, revision } = one;
    const seal = seals.seal(one, accountId);
    if (state !== 'enabled' || !claims?.take({ webhookId, accountId, revision })) {
      if (state === 'enabled') waiting.add(webhookId);
      return { id, webhookId, event, body, seal, attemptId: null };
    }
    const { attemptId } = one;
    const row = { id, webhookId, event, body, seal, attemptId };
    claimed.push({ ...row, attemptCount: 0, createdAt, revision });
    return row;
  });
  insert(tx, rows, claims?.leaseMs ?? 0);
  claims?.claim(claimed);
  return [...waiting];
}

/** Creates a delivery regardless of the subscribed events; returns its number. */
export async function scheduleDelivery(
  tx: Tx,
  seals: DeliverySeals,
  webhook: { readonly id: string; readonly accountId: string },
  event: NotifiedEvent,
): Promise<string> {
  const rest = bodyAfterId(event, await tx.now());
  const [row] = await tx.query<{ id: string }>(NEXT_NUMBER);
  const { id } = row as { id: string };
  const content = { id, webhookId: webhook.id, event: event.event, body: bodyOf(id, rest) };
  insert(tx, [{ ...content, seal: seals.seal(content, webhook.accountId), attemptId: null }], 0);
  return id;
}

interface NewDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly event: string;
  readonly body: string;
}

interface NewRow extends NewDelivery {
  readonly seal: string;
  readonly attemptId: string | null;
}

interface Subscribed extends Omit<NewDelivery, 'body'> {
  readonly accountId: string;
  readonly state: string;
  readonly revision: number;
  /** Fencing token for a claim; a number not used is skipped. */
  readonly attemptId: string;
  readonly place: number;
}

function bodyOf(id: string, rest: string): string {
  return `{"id":${id}${rest}`;
}

function insert(tx: Tx, rows: readonly NewRow[], leaseMs: number): void {
  if (rows.length === 0) return;
  void tx.query(INSERT, [
    rows.map(({ id }) => id),
    rows.map(({ webhookId }) => webhookId),
    rows.map(({ event }) => event),
    rows.map(({ body }) => body),
    rows.map(({ seal }) => seal),
    rows.map(({ attemptId }) => attemptId),
    leaseMs,
  ]);
}

const KEEP = `
  INSERT INTO account_event (id, account_id, event, withdrawal, client_reference, body, created_at, step_id)
  SELECT id, account_id, event, withdrawal, client_reference, '{"id":' || id || rest, now(), step_id FROM (
    SELECT ${NEXT_ID_SQL} AS id, e.* FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[]) WITH ORDINALITY
             AS e (account_id, event, rest, withdrawal, client_reference, step_id, place)
     ORDER BY e.place) AS kept
      ON CONFLICT (step_id) WHERE step_id IS NOT NULL DO NOTHING
  RETURNING step_id`;

/** The numbers are drawn after the order, so that they grow with the events. */
const SUBSCRIBED = `
  SELECT (${NEXT_ID_SQL})::text AS id, nextval('attempt_number')::text AS "attemptId", webhook_id AS "webhookId", account_id AS "accountId", event, state, revision, place FROM (
    SELECT w.id AS webhook_id, w.account_id, w.state, w.revision, e.event, e.place::integer AS place
      FROM unnest($1::uuid[], $2::text[], $3::uuid[]) WITH ORDINALITY AS e (account_id, event, except_id, place)
      JOIN webhook w ON w.account_id = e.account_id AND w.state <> 'deleted' AND (e.event = ANY (w.events) OR e.event = '${CREATED_EVENT}') AND w.id IS DISTINCT FROM e.except_id
     ORDER BY e.place OFFSET 0) AS subscribed`;

const NEXT_NUMBER = `SELECT (${NEXT_ID_SQL})::text AS id`;

const INSERT = `
  INSERT INTO delivery (id, webhook_id, event, body, seal, attempt_id, begun_at, next_attempt_at, created_at)
  SELECT d.*, CASE WHEN d.attempt_id IS NOT NULL THEN clock_timestamp() END,
         CASE WHEN d.attempt_id IS NULL THEN now() ELSE clock_timestamp() + $7::integer * interval '1 millisecond' END, now()
    FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[]) AS d (id, webhook_id, event, body, seal, attempt_id)`;
