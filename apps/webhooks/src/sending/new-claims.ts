import type { Database } from '@sluice/postgres';
import type { ClaimedDelivery } from './claim-deliveries.js';
import type { Endpoints, WebhookEndpoint } from './endpoints.js';
import type { Lanes, Seat } from './lanes.js';

/** Webhook of a new delivery, as read in the transaction that stores the delivery. */
interface NotifiedWebhook {
  readonly webhookId: string;
  readonly accountId: string;
  readonly revision: number;
}

/** New delivery with its place. */
interface NewClaim {
  readonly delivery: ClaimedDelivery;
  readonly endpoint: WebhookEndpoint;
  readonly seat: Seat;
}

interface TakenClaim {
  readonly webhookId: string;
  readonly endpoint: WebhookEndpoint;
  readonly seat: Seat;
}

/**
 * Claims of new deliveries in the transaction that stores them: the row is inserted with lease and
 * fencing token, and needs no second write for a claim. Only deliveries with a free slot are
 * claimed; all others are claimed by the loop of the sender.
 */
export class NewClaims {
  private taken: TakenClaim[] = [];
  private deliveries: readonly ClaimedDelivery[] = [];

  constructor(
    private readonly lanes: Lanes,
    private readonly endpoints: Pick<Endpoints, 'get'>,
    readonly leaseMs: number,
    private readonly isOpen: () => boolean,
  ) {}

  /**
   * Takes a free slot for a delivery. Returns false if the delivery must wait: no slot is free, or
   * the cached endpoint is missing or has another revision.
   */
  take({ webhookId, accountId, revision }: NotifiedWebhook): boolean {
    const endpoint = this.endpoints.get(webhookId);
    if (!this.isOpen() || endpoint?.revision !== revision || endpoint.accountId !== accountId)
      return false;
    const seat = this.lanes.takeFree(webhookId, endpoint);
    if (seat !== null) this.taken.push({ webhookId, endpoint, seat });
    return seat !== null;
  }

  /** Names the deliveries of the taken slots, in the order of the slots. */
  claim(deliveries: readonly ClaimedDelivery[]): void {
    this.deliveries = deliveries;
  }

  /** Returns the claims after the commit. */
  committed(): readonly NewClaim[] {
    return this.taken.flatMap(({ endpoint, seat }, at) => {
      const delivery = this.deliveries[at];
      return delivery ? [{ delivery, endpoint, seat }] : [];
    });
  }

  /** Gives all slots back: the transaction failed, or is repeated. */
  release(): void {
    for (const { webhookId, seat } of this.taken) this.lanes.left(webhookId, seat);
    this.taken = [];
    this.deliveries = [];
  }
}

interface DueWebhooks {
  /** Enabled webhooks with due deliveries. */
  readonly due: readonly string[];
  /** Time in ms until the next delivery of an enabled webhook is due; null if none waits. */
  readonly nextInMs: number | null;
}

/**
 * Returns the enabled webhooks with due deliveries, by the database's clock. The cost grows with
 * the number of webhooks with waiting deliveries, not with the number of deliveries.
 */
export async function dueWebhooks(database: Pick<Database, 'query'>): Promise<DueWebhooks> {
  const [row] = await database.query<DueRow>(DUE, []);
  return { due: row?.due ?? [], nextInMs: row?.next_in_ms ?? null };
}

interface DueRow {
  readonly due: readonly string[] | null;
  readonly next_in_ms: number | null;
}

/**
 * Goes from webhook to webhook along the index, and looks at the earliest delivery of each. A lease
 * of another process is a later time as well.
 */
const DUE = `
  WITH RECURSIVE waiting AS (
      (SELECT webhook_id, next_attempt_at FROM delivery WHERE status = 'pending' ORDER BY webhook_id, next_attempt_at LIMIT 1)
       UNION ALL
      SELECT next.webhook_id, next.next_attempt_at FROM waiting CROSS JOIN LATERAL (
        SELECT d.webhook_id, d.next_attempt_at FROM delivery d
         WHERE d.status = 'pending' AND d.webhook_id > waiting.webhook_id ORDER BY d.webhook_id, d.next_attempt_at LIMIT 1) AS next),
  enabled AS (
    SELECT waiting.webhook_id, extract(epoch FROM waiting.next_attempt_at - t.now)::float8 * 1000 AS in_ms
      FROM waiting JOIN webhook w ON w.id = waiting.webhook_id AND w.state = 'enabled' CROSS JOIN (SELECT clock_timestamp() AS now) AS t)
  SELECT array_agg(webhook_id::text) FILTER (WHERE in_ms <= 0) AS due, min(in_ms) FILTER (WHERE in_ms > 0) AS next_in_ms FROM enabled`;

/** Shortest time between two looks for due deliveries. */
export const LOOK_MS = 1_000;
/**
 * Longest time between two looks. A look finds the deliveries that a crashed process has stored and
 * not claimed.
 */
const LOOK_AT_REST_MS = 5_000;

/**
 * Time until the next look: when the next delivery is due, such as a retry or the end of a lease of
 * a crashed process. `wasDue`: a due delivery may wait for a free place.
 */
export function nextLookInMs(wasDue: boolean, nextInMs: number | null): number {
  if (wasDue) return LOOK_MS;
  return Math.min(Math.max(nextInMs ?? LOOK_AT_REST_MS, LOOK_MS), LOOK_AT_REST_MS);
}
