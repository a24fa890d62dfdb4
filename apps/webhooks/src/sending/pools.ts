/** Account and target host of a webhook. */
export interface PoolPlace {
  readonly accountId: string;
  readonly host: string;
}

/** Limits of concurrent deliveries, by account and host. */
export interface PoolLimits {
  /** Limit of an account at a single host. */
  readonly perAccountAtHost: number;
  /** Limit of a host over all accounts. */
  readonly perHost: number;
  /** Limit of an account over all hosts. */
  readonly perAccount: number;
  readonly inAll: number;
}

/** Pools counting a delivery until the delivery ends. */
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

/**
 * Share of each pool available to slow webhooks together. The remaining share is reserved for
 * webhooks with quick answers.
 */
const SLOW_SHARE = 3 / 4;

/** Counts deliveries in progress in each pool: account at a host, host, account, and all. */
export class Pools {
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
