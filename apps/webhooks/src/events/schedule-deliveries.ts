import type { Tx } from '@sluice/postgres';
import type { DeliverySeals } from '../trust/delivery-seals.js';
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
 * Stores the events for the account, and creates a sealed delivery for each subscribed webhook, in
 * event order, with a statement for each table. The notice about a created webhook needs no
 * subscription. A paused webhook also gets rows; the rows wait until the webhook is resumed. Returns
 * the distinct webhooks with deliveries to send now.
 */
export async function scheduleDeliveries(
  tx: Tx,
  seals: DeliverySeals,
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
  const subscribed = await tx.query<Subscribed>(SUBSCRIBED, [
    accounts,
    names,
    events.map(({ exceptWebhookId = null }) => exceptWebhookId),
  ]);
  insertSealed(
    tx,
    seals,
    subscribed.map(({ id, webhookId, accountId, event, place }) => ({
      id,
      webhookId,
      accountId,
      event,
      body: bodyOf(id, bodies[place - 1] ?? ''),
    })),
  );
  const enabled = subscribed.filter(({ state }) => state === 'enabled');
  return [...new Set(enabled.map(({ webhookId }) => webhookId))];
}

/**
 * Creates a delivery for a webhook, regardless of the subscribed events. Returns the delivery
 * number.
 */
export async function scheduleDelivery(
  tx: Tx,
  seals: DeliverySeals,
  webhook: { readonly id: string; readonly accountId: string },
  event: NotifiedEvent,
): Promise<string> {
  const rest = bodyAfterId(event, await tx.now());
  const [row] = await tx.query<{ id: string }>(NEXT_NUMBER);
  const { id } = row as { id: string };
  const { id: webhookId, accountId } = webhook;
  insertSealed(tx, seals, [
    { id, webhookId, accountId, event: event.event, body: bodyOf(id, rest) },
  ]);
  return id;
}

interface NewDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly accountId: string;
  readonly event: string;
  readonly body: string;
}

interface Subscribed extends Omit<NewDelivery, 'body'> {
  readonly state: string;
  /** Place of the event in the list, from 1. */
  readonly place: number;
}

function bodyOf(id: string, rest: string): string {
  return `{"id":${id}${rest}`;
}

function insertSealed(tx: Tx, seals: DeliverySeals, deliveries: readonly NewDelivery[]): void {
  if (deliveries.length === 0) return;
  void tx.query(INSERT, [
    deliveries.map(({ id }) => id),
    deliveries.map(({ webhookId }) => webhookId),
    deliveries.map(({ event }) => event),
    deliveries.map(({ body }) => body),
    deliveries.map((delivery) => seals.seal(delivery, delivery.accountId)),
  ]);
}

const KEEP = `
  INSERT INTO account_event (id, account_id, event, withdrawal, client_reference, body, created_at)
  SELECT id, account_id, event, withdrawal, client_reference, '{"id":' || id || rest, now() FROM (
    SELECT ${NEXT_ID_SQL} AS id, e.* FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[]) WITH ORDINALITY
             AS e (account_id, event, rest, withdrawal, client_reference, place) ORDER BY e.place) AS kept`;

/** The numbers are drawn after the order, so that they grow with the events. */
const SUBSCRIBED = `
  SELECT (${NEXT_ID_SQL})::text AS id, webhook_id AS "webhookId", account_id AS "accountId", event, state, place FROM (
    SELECT w.id AS webhook_id, w.account_id, w.state, e.event, e.place::integer AS place
      FROM unnest($1::uuid[], $2::text[], $3::uuid[]) WITH ORDINALITY AS e (account_id, event, except_id, place)
      JOIN webhook w ON w.account_id = e.account_id AND w.state <> 'deleted' AND (e.event = ANY (w.events) OR e.event = '${CREATED_EVENT}') AND w.id IS DISTINCT FROM e.except_id
     ORDER BY e.place OFFSET 0) AS subscribed`;

const NEXT_NUMBER = `SELECT (${NEXT_ID_SQL})::text AS id`;

const INSERT = `
  INSERT INTO delivery (id, webhook_id, event, body, seal, next_attempt_at, created_at)
  SELECT d.*, now(), now() FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[]) AS d (id, webhook_id, event, body, seal)`;
