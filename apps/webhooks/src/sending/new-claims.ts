import type { ClaimedDelivery } from './claim-deliveries.js';
import type { Endpoints, WebhookEndpoint } from './endpoints.js';
import type { Lanes } from './lanes.js';
import type { Seat } from './pools.js';

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
