import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

/** What one address may have refused within a minute before it is told to wait. */
export const REFUSED_PER_MINUTE = 600;

const answers = new Counter({
  name: 'sluice_refused_credentials_total',
  help: 'Credentials that proved nobody, by answer: 401, or 429 where their address had too many of them',
  labelNames: ['answer'],
});

/**
 * Counts credentials that prove nobody, by the address that they come from. Whoever proves himself is let in all the same: many people may
 * share an address with a flood, and nobody must be able to lock them out by it.
 */
@Injectable()
export class RefusedCredentials {
  private readonly counts = new RateLimiterMemory({ points: REFUSED_PER_MINUTE, duration: 60 });

  /** Counts one; answers for how many seconds this address is to wait, or null where it need not. */
  async count(address: string): Promise<number | null> {
    const state = await this.counts.consume(address).catch((full: RateLimiterRes) => full);
    const isFlood = state.consumedPoints > REFUSED_PER_MINUTE;
    answers.inc({ answer: isFlood ? '429' : '401' });
    return isFlood ? Math.ceil(state.msBeforeNext / 1000) : null;
  }
}
