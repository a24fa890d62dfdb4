import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { Counter } from 'prom-client';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

/** Number of rejected credentials per address and minute before a 429 response. */
export const REFUSED_PER_MINUTE = 600;

const answers = new Counter({
  name: 'sluice_refused_credentials_total',
  help: 'Rejected credentials by answer: 401, or 429 after too many from one address',
  labelNames: ['answer'],
});

/**
 * Rejected credentials by source address. Valid ones are always accepted: an attacker may share an
 * address.
 */
@Injectable()
export class RefusedCredentials {
  private readonly counts = new RateLimiterMemory({ points: REFUSED_PER_MINUTE, duration: 60 });

  /** Counts a rejected credential. Returns the seconds to wait, or null below the limit. */
  async count(address: string): Promise<number | null> {
    const state = await this.counts.consume(address).catch((full: RateLimiterRes) => full);
    const isFlood = state.consumedPoints > REFUSED_PER_MINUTE;
    answers.inc({ answer: isFlood ? '429' : '401' });
    return isFlood ? Math.ceil(state.msBeforeNext / 1000) : null;
  }
}

/**
 * Usual spelling of an address: `::ffff:203.0.113.7` becomes `203.0.113.7`, for limits, lists and
 * logs; other text is unchanged.
 */
export function plainAddress(address: string): string {
  return isIP(address) === 0 ? address : ipaddr.process(address).toString();
}
