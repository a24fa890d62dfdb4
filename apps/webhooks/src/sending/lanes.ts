/** How many deliveries may be under way at once in this process. */
export interface SendingLimits {
  /** To a webhook that answers quickly. */
  readonly perWebhook: number;
  /** To a webhook that is slow, fails, or has not answered yet. */
  readonly perSlowWebhook: number;
  /** To all webhooks of one host together. */
  readonly perHost: number;
  readonly inAll: number;
}

/** A webhook with something to send, and how much of it may go now. */
export interface Capacity {
  readonly webhookId: string;
  readonly slots: number;
}

interface Lane {
  host: string | null;
  underWay: number;
  isQuick: boolean;
  /** There may be more in the database than what is under way. */
  hasMore: boolean;
}

/** An answer within this time is a quick one. */
const QUICK_MS = 1_000;

/**
 * What is under way to whom, so that no webhook and no host takes the place of others: one that is slow or dead has a few places of its own, and
 * however much waits for it, that waits in the database.
 */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  private readonly hosts = new Map<string, number>();
  private underWay = 0;

  constructor(private readonly limits: SendingLimits) {}

  /** How many are under way. */
  get size(): number {
    return this.underWay;
  }

  /** Something may wait for this webhook. */
  expect(webhookId: string): void {
    this.lane(webhookId).hasMore = true;
  }

  /** Who has something to send and may send it now, in turn: who had room first last time comes last. */
  capacities(): readonly Capacity[] {
    const free = { inAll: this.limits.inAll - this.underWay, byHost: new Map<string, number>() };
    const capacities: Capacity[] = [];
    for (const [webhookId, lane] of this.lanes) {
      if (!lane.hasMore) continue;
      const ofHost = this.capacityAt(lane.host, free.byHost);
      const slots = Math.min(this.limitOf(lane) - lane.underWay, ofHost, free.inAll);
      if (slots <= 0) continue;
      capacities.push({ webhookId, slots });
      free.inAll -= slots;
      if (lane.host !== null) free.byHost.set(lane.host, ofHost - slots);
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

  began(webhookId: string, host: string): void {
    const lane = this.lane(webhookId);
    lane.host = host;
    lane.underWay++;
    this.underWay++;
    this.hosts.set(host, (this.hosts.get(host) ?? 0) + 1);
  }

  ended(webhookId: string, host: string, { isAnswered, tookMs }: LaneOutcome): void {
    const lane = this.lane(webhookId);
    lane.isQuick = isAnswered && tookMs < QUICK_MS;
    lane.underWay--;
    this.underWay--;
    const left = (this.hosts.get(host) ?? 1) - 1;
    if (left > 0) this.hosts.set(host, left);
    else this.hosts.delete(host);
    if (lane.underWay === 0 && !lane.hasMore && !lane.isQuick) this.lanes.delete(webhookId);
  }

  private capacityAt(host: string | null, reserved: ReadonlyMap<string, number>): number {
    if (host === null) return this.limits.perSlowWebhook;
    return reserved.get(host) ?? this.limits.perHost - (this.hosts.get(host) ?? 0);
  }

  private limitOf({ isQuick }: Lane): number {
    return isQuick ? this.limits.perWebhook : this.limits.perSlowWebhook;
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
    const lane = { host: null, underWay: 0, isQuick: false, hasMore: false };
    this.lanes.set(webhookId, lane);
    return lane;
  }
}

export interface LaneOutcome {
  readonly isAnswered: boolean;
  readonly tookMs: number;
}
