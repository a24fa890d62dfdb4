import type { RateLimit, RateLimiter } from '../sim/rate-limiter.js';

interface Admission {
  /** `too_fast`: over the limit. `banned`: the client continued after refusals. */
  readonly verdict: 'admitted' | 'too_fast' | 'banned';
  readonly headers: Readonly<Record<string, string>>;
}

/** Client with a shared limit for all requests of the client. */
export interface LimitedClient {
  readonly id: string;
  /** Kind of identification used by the venue. */
  readonly mode: 'IP' | 'KEY' | 'UID';
}

interface Offence {
  refused: number;
  bannedUntil: number;
}

export function rateHeaders(
  limit: RateLimit,
  used: number,
  mode: LimitedClient['mode'],
): Readonly<Record<string, string>> {
  return {
    'x-bm-ratelimit-limit': `${limit.requests}`,
    'x-bm-ratelimit-remaining': `${used}`, // the venue sends the used count under this name
    'x-bm-ratelimit-reset': `${Math.ceil(limit.per_ms / 1000)}`,
    'x-bm-ratelimit-mode': mode,
  };
}

/**
 * Applies the rate limits with the venue's own headers, and bans clients after repeated 429
 * answers. The bans are in memory, the same as the limits.
 */
export class Gatekeeper {
  private readonly offences = new Map<string, Offence>();

  constructor(private readonly limiter: RateLimiter) {}

  admit(
    endpoint: string,
    client: LimitedClient,
    limit: RateLimit,
    ban: { after: number; for_ms: number },
    now: number,
  ): Admission {
    const offence = this.offences.get(client.id) ?? { refused: 0, bannedUntil: 0 };
    if (now < offence.bannedUntil) return { verdict: 'banned', headers: {} };
    const { allowed, remain } = this.limiter.take(`${endpoint} ${client.id}`, limit, now);
    const headers = rateHeaders(limit, limit.requests - remain, client.mode);
    if (allowed) {
      this.offences.delete(client.id);
      return { verdict: 'admitted', headers };
    }
    offence.refused++;
    if (offence.refused >= ban.after) offence.bannedUntil = now + ban.for_ms;
    this.offences.set(client.id, offence);
    return { verdict: 'too_fast', headers };
  }

  reset(): void {
    this.offences.clear();
    this.limiter.reset();
  }
}
