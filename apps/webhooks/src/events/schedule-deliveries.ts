import type { Tx } from '@sluice/postgres';
import { NEXT_ID_SQL } from './delivery-id.js';
import { bodyAfterId, CREATED_EVENT, type NotifiedEvent } from './event-body.js';

/** Event, and the account of the webhooks to notify. */
export interface AccountEvent extends NotifiedEvent {
  readonly accountId: string;
  /** Webhook to exclude, because the event concerns this webhook. */
  readonly exceptWebhookId?: string;
  /** Withdrawal concerned by the event, if any. */
  readonly withdrawal?: { readonly number: string; readonly clientReference: string | null };
}

/**
 * Stores the events for the account, and creates a delivery for each subscribed webhook, in event
 * order, with a statement for each table. The notice about a created webhook needs no subscription. A paused webhook also gets rows; the rows wait until the
 * webhook is resumed. Returns the distinct webhooks with deliveries to send now.
 */
export async function scheduleDeliveries(
  tx: Tx,
  events: readonly AccountEvent[],
): Promise<readonly string[]> {
  if (events.length === 0) return [];
  const at = await tx.now();
  const accounts = events.map(({ accountId }) => accountId);
  const names = events.map(({ event }) => event);
  const bodies = events.map((event) => bodyAfterId(event, at));
  void tx.query(KEEP, [
    accounts,
    names,
    bodies,
    events.map(({ withdrawal }) => withdrawal?.number ?? null),
    events.map(({ withdrawal }) => withdrawal?.clientReference ?? null),
  ]);
  const rows = await tx.query<{ webhook_id: string }>(SCHEDULE, [
    accounts,
    names,
    bodies,
    events.map(({ exceptWebhookId = null }) => exceptWebhookId),
  ]);
  return rows.map(({ webhook_id }) => webhook_id);
}

/**
 * Creates a delivery for a webhook, regardless of the subscribed events. Returns the delivery
 * number.
 */
export async function scheduleDelivery(
  tx: Tx,
  webhookId: string,
  event: NotifiedEvent,
): Promise<string> {
  const rest = bodyAfterId(event, await tx.now());
  const rows = await tx.query<{ id: string }>(SCHEDULE_ONE, [webhookId, event.event, rest]);
  return (rows[0] as { id: string }).id;
}

const KEEP = `
  INSERT INTO account_event (id, account_id, event, withdrawal, client_reference, body, created_at)
  SELECT id, account_id, event, withdrawal, client_reference, '{"id":' || id || rest, now() FROM (
    SELECT ${NEXT_ID_SQL} AS id, e.* FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[]) WITH ORDINALITY
             AS e (account_id, event, rest, withdrawal, client_reference, place) ORDER BY e.place) AS kept`;

const SCHEDULE = `
  WITH subscribed AS MATERIALIZED (
         SELECT ${NEXT_ID_SQL} AS id, w.id AS webhook_id, w.state, e.event, e.rest
           FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS e (account_id, event, rest, except_id, place)
           JOIN webhook w ON w.account_id = e.account_id AND w.state <> 'deleted' AND (e.event = ANY (w.events) OR e.event = '${CREATED_EVENT}') AND w.id IS DISTINCT FROM e.except_id
          ORDER BY e.place),
       scheduled AS (
         INSERT INTO delivery (id, webhook_id, event, body, next_attempt_at, created_at)
         SELECT id, webhook_id, event, '{"id":' || id || rest, now(), now() FROM subscribed)
  SELECT DISTINCT webhook_id FROM subscribed WHERE state = 'enabled'`;

const SCHEDULE_ONE = `
  INSERT INTO delivery (id, webhook_id, event, body, next_attempt_at, created_at)
  SELECT id, $1::uuid, $2, '{"id":' || id || $3::text, now(), now() FROM (SELECT ${NEXT_ID_SQL} AS id) AS given
  RETURNING id`;
