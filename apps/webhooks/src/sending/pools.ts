/** Whose webhook it is, and where it leads. */
export interface Place {
  readonly accountId: string;
  readonly host: string;
}

/** How many deliveries may be under way at once, of whom and to where. */
export interface PoolLimits {
  /** Of one account to one host. */
  readonly perAccountAtHost: number;
  /** To one host, of all accounts. */
  readonly perHost: number;
  /** Of one account, to all hosts. */
  readonly perAccount: number;
  readonly inAll: number;
}

/** What one delivery counts in, until it has ended. */
export interface Seat {
  readonly pools: readonly Pool[];
  readonly isQuick: boolean;
}

interface Pool {
  readonly name: string;
  readonly limit: number;
  underWay: number;
  /** Of those, to webhooks that were slow, failed, or had not answered yet. */
  slow: number;
}

/** The part of each pool that slow webhooks may fill together. The rest is kept for those that answer quickly. */
const SLOW_SHARE = 3 / 4;

/** Counts what is under way in each pool: an account at a host, a host, an account, and all. */
export class Pools {
  private readonly pools = new Map<string, Pool>();
  private underWay = 0;

  constructor(private readonly limits: PoolLimits) {}

  get size(): number {
    return this.underWay;
  }

  enter(place: Place, isQuick: boolean): Seat {
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

  /** What could be taken now: room that is given out counts as taken for the rest of this draft. */
  draft(): { take(place: Place, isQuick: boolean, most: number): number } {
    const drafted = new Map<string, Pool>();
    const take = (place: Place, isQuick: boolean, most: number): number => {
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

  private of({ accountId, host }: Place): readonly Pool[] {
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
