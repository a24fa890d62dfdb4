import { Pools, type Place, type PoolLimits, type Seat } from './pools.js';

/** How many deliveries may be under way at once in this process. */
export interface SendingLimits extends PoolLimits {
  /** To a webhook that answers quickly. */
  readonly perWebhook: number;
  /** To a webhook that is slow, fails, or has not answered yet. */
  readonly perSlowWebhook: number;
}

/** A webhook with something to send, and how much of it may go now. */
export interface Capacity {
  readonly webhookId: string;
  readonly slots: number;
}

interface Lane {
  place: Place | null;
  underWay: number;
  isQuick: boolean;
  /** There may be more in the database than what is under way. */
  hasMore: boolean;
}

/** An answer within this time is a quick one. */
const QUICK_MS = 1_000;

/**
 * What is under way to whom, so that no webhook, no host and no account takes the place of others: a webhook that is slow or dead has a few places
 * of its own, and however much waits for it, that waits in the database.
 */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  private readonly pools: Pools;

  constructor(private readonly limits: SendingLimits) {
    this.pools = new Pools(limits);
  }

  /** How many are under way. */
  get size(): number {
    return this.pools.size;
  }

  /** Something may wait for this webhook. */
  expect(webhookId: string): void {
    this.lane(webhookId).hasMore = true;
  }

  /** The webhooks for which something may wait. */
  waiting(): readonly string[] {
    return [...this.lanes].flatMap(([webhookId, { hasMore }]) => (hasMore ? [webhookId] : []));
  }

  /** Where a webhook is now; null where nothing can be sent to it. */
  locate(webhookId: string, place: Place | null): void {
    const lane = this.lane(webhookId);
    lane.place = place;
    if (place === null) lane.hasMore = false;
    this.tidy(webhookId, lane);
  }

  /** Who has something to send and may send it now, in turn: the lane that had room first last time comes last. */
  capacities(): readonly Capacity[] {
    const draft = this.pools.draft();
    const capacities: Capacity[] = [];
    for (const [webhookId, { hasMore, place, underWay, isQuick }] of this.lanes) {
      if (!hasMore || place === null) continue;
      const ofWebhook = isQuick ? this.limits.perWebhook : this.limits.perSlowWebhook;
      const slots = draft.take(place, isQuick, ofWebhook - underWay);
      if (slots > 0) capacities.push({ webhookId, slots });
    }
    this.toTheEnd(capacities);
    return capacities;
  }

  /** What is asked for now: whatever comes after this is more. */
  asked(capacities: readonly Capacity[]): void {
    for (const { webhookId } of capacities) this.lane(webhookId).hasMore = false;
  }

  /** So many were there to be sent: where a room was filled there may be more. */
  filled(capacities: readonly Capacity[], byWebhook: ReadonlyMap<string, number>): void {
    for (const { webhookId, slots } of capacities)
      if ((byWebhook.get(webhookId) ?? 0) >= slots) this.expect(webhookId);
  }

  /** Answers the seat that `ended` gives back. */
  began(webhookId: string, place: Place): Seat {
    const lane = this.lane(webhookId);
    lane.underWay++;
    return this.pools.enter(place, lane.isQuick);
  }

  ended(webhookId: string, seat: Seat, { isAnswered, tookMs }: LaneOutcome): void {
    const lane = this.lane(webhookId);
    lane.isQuick = isAnswered && tookMs < QUICK_MS;
    lane.underWay--;
    this.pools.leave(seat);
    this.tidy(webhookId, lane);
  }

  private tidy(webhookId: string, { underWay, hasMore, isQuick }: Lane): void {
    if (underWay === 0 && !hasMore && !isQuick) this.lanes.delete(webhookId);
  }

  /** A map keeps the order of insertion. */
  private toTheEnd(capacities: readonly Capacity[]): void {
    for (const { webhookId } of capacities) {
      const lane = this.lane(webhookId);
      this.lanes.delete(webhookId);
      this.lanes.set(webhookId, lane);
    }
  }

  private lane(webhookId: string): Lane {
    const known = this.lanes.get(webhookId);
    if (known) return known;
    const lane = { place: null, underWay: 0, isQuick: false, hasMore: false };
    this.lanes.set(webhookId, lane);
    return lane;
  }
}

export interface LaneOutcome {
  readonly isAnswered: boolean;
  readonly tookMs: number;
}
