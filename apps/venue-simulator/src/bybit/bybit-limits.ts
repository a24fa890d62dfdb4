import type { RateLimit, RateLimiter, RateVerdict } from '../sim/rate-limiter.js';

/** Limits per user id, except `ip`. `pair`: withdrawals of a coin on a chain. */
export const LIMITS = {
  create: { requests: 5, per_ms: 1_000 },
  pair: { requests: 1, per_ms: 10_000 },
  cancel: { requests: 60, per_ms: 60_000 },
  records: { requests: 300, per_ms: 60_000 },
  deposits: { requests: 100, per_ms: 60_000 },
  withdrawable: { requests: 300, per_ms: 1_000 },
  addresses: { requests: 300, per_ms: 1_000 },
  coin_info: { requests: 5, per_ms: 1_000 },
  coin_balance: { requests: 450, per_ms: 1_000 },
  coin_balances: { requests: 5, per_ms: 1_000 },
  vasp_list: { requests: 1, per_ms: 1_000 },
  other: { requests: 10, per_ms: 1_000 },
  ip: { requests: 600, per_ms: 5_000 },
} as const satisfies Record<string, RateLimit>;

export type BybitLimit = keyof typeof LIMITS;

/**
 * Blocks an IP address after too many calls until the address has been silent for `banMs`: each
 * call during the ban restarts the ban.
 */
export class IpGuard {
  private readonly lastCall = new Map<string, number>();

  constructor(private readonly limiter: RateLimiter) {}

  admits(ip: string, limit: RateLimit, banMs: number, now: number): boolean {
    const last = this.lastCall.get(ip);
    if (last !== undefined && now - last < banMs) {
      this.lastCall.set(ip, now);
      return false;
    }
    this.lastCall.delete(ip);
    if (this.limiter.take(`ip ${ip}`, limit, now).allowed) return true;
    this.lastCall.set(ip, now);
    return false;
  }

  reset(): void {
    this.lastCall.clear();
  }
}

/**
 * Returns the limit headers. While no limit applies, Bybit reports the current time as the reset
 * time.
 */
export function limitHeaders(
  { limit, remain, resetAt, allowed }: RateVerdict,
  now: number,
): Record<string, string> {
  return {
    'x-bapi-limit': String(limit),
    'x-bapi-limit-status': String(remain),
    'x-bapi-limit-reset-timestamp': String(allowed ? now : resetAt),
  };
}
