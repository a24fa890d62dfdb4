import { createHash } from 'node:crypto';
import { canonicalRequest, type SignableRequest } from './request-signature.js';

/** The API takes 300 s either way; the rest is for clocks that differ and for the way there. */
const FARTHEST_S = 200;
const MOST_REMEMBERED = 1_000;

/**
 * A timestamp for each request, in seconds, that no equal request of this client had: a signature counts once, and equal requests of one
 * second have one signature. The nearest one to the present, first the past.
 */
export class UnusedTimestamps {
  private readonly used = new Map<string, number[]>();

  constructor(private readonly unixMs: () => number) {}

  next(request: Omit<SignableRequest, 'timestamp'>): string {
    const now = Math.floor(this.unixMs() / 1_000);
    const content = digestOf(request);
    const taken = (this.used.get(content) ?? []).filter((second) => isNear(second, now));
    const second = nearestUnused(now, new Set(taken));
    this.forgetOld(now);
    this.used.set(content, [...taken, second]);
    return String(second);
  }

  /** How many different requests are kept in memory. */
  get remembered(): number {
    return this.used.size;
  }

  private forgetOld(now: number): void {
    if (this.used.size < MOST_REMEMBERED) return;
    for (const [content, seconds] of this.used)
      if (!seconds.some((second) => isNear(second, now))) this.used.delete(content);
  }
}

function isNear(second: number, now: number): boolean {
  return Math.abs(now - second) <= FARTHEST_S;
}

/** Where all are used the present one: the API refuses it, and it is sent again later. */
function nearestUnused(now: number, used: ReadonlySet<number>): number {
  for (let distance = 0; distance <= FARTHEST_S; distance++) {
    if (!used.has(now - distance)) return now - distance;
    if (!used.has(now + distance)) return now + distance;
  }
  return now;
}

function digestOf(request: Omit<SignableRequest, 'timestamp'>): string {
  const canonical = canonicalRequest({ ...request, timestamp: '' });
  return createHash('sha256').update(canonical).digest('base64');
}
