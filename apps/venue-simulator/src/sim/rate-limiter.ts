export interface RateLimit {
  readonly requests: number;
  readonly per_ms: number;
}

export interface RateVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remain: number;
  /** Unix milliseconds. */
  readonly resetAt: number;
}

/** Returns the verdict for a client over the limit. */
export function exhausted(verdict: RateVerdict): RateVerdict {
  return { ...verdict, allowed: false, remain: 0 };
}

/**
 * Rate limiter with a window per key, opened by the first request. The windows are in memory: a
 * restart opens new windows.
 */
export class RateLimiter {
  private readonly windows = new Map<string, { opened: number; count: number }>();
  private readonly refused = new Map<string, number>();

  take(key: string, limit: RateLimit, now: number): RateVerdict {
    let window = this.windows.get(key);
    if (!window || now >= window.opened + limit.per_ms) {
      window = { opened: now, count: 0 };
      this.windows.set(key, window);
    }
    const allowed = window.count < limit.requests;
    if (allowed) window.count++;
    else this.refused.set(key, (this.refused.get(key) ?? 0) + 1);
    return {
      allowed,
      limit: limit.requests,
      remain: limit.requests - window.count,
      resetAt: window.opened + limit.per_ms,
    };
  }

  /** Returns the verdict of `take` without counting a request. */
  look(key: string, limit: RateLimit, now: number): RateVerdict {
    const window = this.windows.get(key);
    const open = window !== undefined && now < window.opened + limit.per_ms;
    const remain = limit.requests - (open ? window.count : 0);
    return {
      allowed: remain > 0,
      limit: limit.requests,
      remain,
      resetAt: (open ? window.opened : now) + limit.per_ms,
    };
  }

  /** Returns the number of refused calls, by key. */
  refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.refused);
  }

  reset(): void {
    this.windows.clear();
    this.refused.clear();
  }
}
