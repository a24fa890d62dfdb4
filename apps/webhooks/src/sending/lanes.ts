export interface SendingLimits extends PoolLimits {
  /** Limit for a webhook with quick answers. */
  readonly perWebhook: number;
  /** Limit for a webhook with slow answers, failures, or no answer yet. */
  readonly perSlowWebhook: number;
}

/** Webhook with waiting deliveries, and the number of deliveries allowed now. */
export interface Capacity {
  readonly webhookId: string;
  readonly slots: number;
}

interface Lane {
  place: PoolPlace | null;
  underWay: number;
  isQuick: boolean;
  /** True if the database may have more deliveries than the deliveries in progress. */
  hasMore: boolean;
}

/** Answers within this time in ms count as quick. */
const QUICK_MS = 1_000;

/**
 * Deliveries in progress: webhooks, hosts and accounts cannot use each other's slots. A slow
 * webhook has few, and its deliveries wait in the database.
 */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  private readonly pools: Pools;
  /** True while a claim uses the free slots that `capacities` returned. */
  private isClaiming = false;

  constructor(private readonly limits: SendingLimits) {
    this.pools = new Pools(limits);
  }

  get size(): number {
    return this.pools.size;
  }

  expect(webhookId: string): void {
    this.lane(webhookId).hasMore = true;
  }

  waiting(): readonly string[] {
    return [...this.lanes].flatMap(([webhookId, { hasMore }]) => (hasMore ? [webhookId] : []));
  }

  locate(webhookId: string, place: PoolPlace | null): void {
    const lane = this.lane(webhookId);
    lane.place = place;
    if (place === null) lane.hasMore = false;
    this.tidy(webhookId, lane);
  }

  /** Webhooks with free slots; they move to the end of the order. */
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

  /**
   * Marks webhooks as queried: until `settled`, `takeFree` takes no slot, and `expect` announces
   * more.
   */
  asked(capacities: readonly Capacity[]): void {
    this.isClaiming = true;
    for (const { webhookId } of capacities) this.lane(webhookId).hasMore = false;
  }

  /** Takes the claimed number per webhook; if all slots were filled, more may wait. */
  filled(capacities: readonly Capacity[], byWebhook: ReadonlyMap<string, number>): void {
    for (const { webhookId, slots } of capacities)
      if ((byWebhook.get(webhookId) ?? 0) >= slots) this.expect(webhookId);
  }

  /** Ends the claim: the claimed deliveries occupy their slots. */
  settled(): void {
    this.isClaiming = false;
  }

  /** Null without a free slot, or if older deliveries may wait. */
  takeFree(webhookId: string, place: PoolPlace): Seat | null {
    const lane = this.lane(webhookId);
    const { isQuick, underWay, hasMore } = lane;
    const ofWebhook = isQuick ? this.limits.perWebhook : this.limits.perSlowWebhook;
    const isFree = !this.isClaiming && !hasMore && underWay < ofWebhook;
    if (isFree && this.pools.draft().take(place, isQuick, 1) === 1)
      return this.began(webhookId, place);
    this.tidy(webhookId, lane);
    return null;
  }

  /** Starts a delivery. Returns the seat to pass to `ended`. */
  began(webhookId: string, place: PoolPlace): Seat {
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

export interface PoolPlace {
  readonly accountId: string;
  readonly host: string;
}

interface PoolLimits {
  /** Limit of an account at a single host. */
  readonly perAccountAtHost: number;
  /** Limit of a host over all accounts. */
  readonly perHost: number;
  /** Limit of an account over all hosts. */
  readonly perAccount: number;
  readonly inAll: number;
}

export interface Seat {
  readonly pools: readonly Pool[];
  readonly isQuick: boolean;
}

interface Pool {
  readonly name: string;
  readonly limit: number;
  underWay: number;
  /** Deliveries in progress to webhooks with slow answers, failures, or no answer yet. */
  slow: number;
}

/** Share of slow webhooks together; the rest is reserved for quick ones. */
const SLOW_SHARE = 3 / 4;

/** Counts deliveries in progress in each pool: account at a host, host, account, and all. */
class Pools {
  private readonly pools = new Map<string, Pool>();
  private underWay = 0;

  constructor(private readonly limits: PoolLimits) {}

  get size(): number {
    return this.underWay;
  }

  enter(place: PoolPlace, isQuick: boolean): Seat {
    const pools = this.of(place);
    for (const pool of pools) {
      this.pools.set(pool.name, pool);
      pool.underWay++;
      if (!isQuick) pool.slow++;
    }
    this.underWay++;
    return { pools, isQuick };
  }

  leave({ pools, isQuick }: Seat): void {
    for (const pool of pools) {
      pool.underWay--;
      if (!isQuick) pool.slow--;
      if (pool.underWay === 0) this.pools.delete(pool.name);
    }
    this.underWay--;
  }

  /** Starts a draft of free slots: slots taken count as used for the remainder of the draft. */
  draft(): { take(place: PoolPlace, isQuick: boolean, most: number): number } {
    const drafted = new Map<string, Pool>();
    const take = (place: PoolPlace, isQuick: boolean, most: number): number => {
      const pools = this.of(place).map((pool) => drafted.get(pool.name) ?? { ...pool });
      const slots = Math.min(most, ...pools.map((pool) => freeIn(pool, isQuick)));
      if (slots <= 0) return 0;
      for (const pool of pools) {
        pool.underWay += slots;
        if (!isQuick) pool.slow += slots;
        drafted.set(pool.name, pool);
      }
      return slots;
    };
    return { take };
  }

  private of({ accountId, host }: PoolPlace): readonly Pool[] {
    const { perAccountAtHost, perHost, perAccount, inAll } = this.limits;
    return [
      this.pool('all', inAll),
      this.pool(`host ${host}`, perHost),
      this.pool(`account ${accountId}`, perAccount),
      this.pool(`account ${accountId} at ${host}`, perAccountAtHost),
    ];
  }

  private pool(name: string, limit: number): Pool {
    return this.pools.get(name) ?? { name, limit, underWay: 0, slow: 0 };
  }
}

function freeIn({ limit, underWay, slow }: Pool, isQuick: boolean): number {
  const free = limit - underWay;
  return isQuick ? free : Math.min(free, Math.max(1, Math.floor(limit * SLOW_SHARE)) - slow);
}
