import type { Tx } from '@sluice/postgres';
import { bodyAfterId, type NotifiedEvent } from './event-body.js';

/** An event and the account whose webhooks are told. */
export interface AccountEvent extends NotifiedEvent {
  readonly accountId: string;
  /** One of its webhooks that is not told, for it is what the event is about. */
  readonly exceptWebhookId?: string;
}

/**
 * One delivery for each webhook that subscribes the event, in the order of the events, by one statement. A paused webhook gets its rows too:
 * they wait until it is resumed. Answers the webhooks that have something to send now, each once.
 */
export async function scheduleDeliveries(
  tx: Tx,
  events: readonly AccountEvent[],
): Promise<readonly string[]> {
  if (events.length === 0) return [];
  const at = await tx.now();
  const rows = await tx.query<{ webhook_id: string }>(SCHEDULE, [
    events.map(({ accountId }) => accountId),
    events.map(({ event }) => event),
    events.map((event) => bodyAfterId(event, at)),
    events.map(({ exceptWebhookId = null }) => exceptWebhookId),
  ]);
  return rows.map(({ webhook_id }) => webhook_id);
}

/** One delivery for one webhook, whatever it subscribes. Answers its number. */
export async function scheduleDelivery(
  tx: Tx,
  webhookId: string,
  event: NotifiedEvent,
): Promise<string> {
  const rest = bodyAfterId(event, await tx.now());
  const rows = await tx.query<{ id: string }>(SCHEDULE_ONE, [webhookId, event.event, rest]);
  return (rows[0] as { id: string }).id;
}

/** Made of the database's time, so that a restored database gives none again: receivers would drop a second event of the same number. */
const NEXT_ID = `floor(extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + nextval('delivery_number') % 2048`;

const SCHEDULE = `
  WITH told AS MATERIALIZED (
         SELECT ${NEXT_ID} AS id, w.id AS webhook_id, w.state, e.event, e.rest
           FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS e (account_id, event, rest, except_id, place)
           JOIN webhook w ON w.account_id = e.account_id AND w.state <> 'deleted' AND e.event = ANY (w.events) AND w.id IS DISTINCT FROM e.except_id
          ORDER BY e.place),
       scheduled AS (
         INSERT INTO delivery (id, webhook_id, event, body, next_attempt_at, created_at)
         SELECT id, webhook_id, event, '{"id":' || id || rest, now(), now() FROM told)
  SELECT DISTINCT webhook_id FROM told WHERE state = 'enabled'`;

const SCHEDULE_ONE = `
  INSERT INTO delivery (id, webhook_id, event, body, next_attempt_at, created_at)
  SELECT id, $1::uuid, $2, '{"id":' || id || $3::text, now(), now() FROM (SELECT ${NEXT_ID} AS id) AS given
  RETURNING id`;
