import type { RateLimit, RateLimiter } from '../sim/rate-limiter.js';

export interface Admission {
  /** `too_fast`: over the limit. `banned`: went on in spite of being told so. */
  readonly verdict: 'admitted' | 'too_fast' | 'banned';
  readonly headers: Readonly<Record<string, string>>;
}

interface Offence {
  refused: number;
  bannedUntil: number;
}

/** The rate limits with the venue's own headers, and the ban of clients that go on after 429. In memory, as the limiter is. */
export class Gatekeeper {
  private readonly offences = new Map<string, Offence>();

  constructor(private readonly limiter: RateLimiter) {}

  admit(
    endpoint: string,
    client: string,
    limit: RateLimit,
    ban: { after: number; for_ms: number },
    now: number,
  ): Admission {
    const offence = this.offences.get(client) ?? { refused: 0, bannedUntil: 0 };
    if (now < offence.bannedUntil) return { verdict: 'banned', headers: {} };
    const { allowed, remain } = this.limiter.take(`${endpoint} ${client}`, limit, now);
    const headers = {
      'x-bm-ratelimit-limit': `${limit.requests}`,
      'x-bm-ratelimit-remaining': `${limit.requests - remain}`, // in spite of its name: how many were used
      'x-bm-ratelimit-reset': `${Math.ceil(limit.per_ms / 1000)}`,
    };
    if (allowed) {
      this.offences.delete(client);
      return { verdict: 'admitted', headers };
    }
    offence.refused++;
    if (offence.refused >= ban.after) offence.bannedUntil = now + ban.for_ms;
    this.offences.set(client, offence);
    return { verdict: 'too_fast', headers };
  }

  reset(): void {
    this.offences.clear();
    this.limiter.reset();
  }
}
