import { createHash } from 'node:crypto';
import { canonicalRequest, type SignableRequest } from './request-signature.js';

/**
 * Maximum distance of a drawn second from the present (s). The API accepts 300 s; the remainder is
 * reserved for clock differences and transport.
 */
const FARTHEST_S = 150;

/**
 * Draws the timestamp of each request (Unix seconds) at random from the seconds not used by an
 * equal request of this client. The API accepts a signature once, and equal requests in the same
 * second have the same signature.
 *
 * Clients with a shared key cannot see other clients' requests. Random draws rarely collide, and a
 * rejected timestamp is not drawn again.
 */
export class UnusedTimestamps {
  private readonly used = new Map<string, number[]>();

  /** @param random a number from 0 (inclusive) to 1 (exclusive), as `Math.random` gives */
  constructor(
    private readonly unixMs: () => number,
    private readonly random: () => number,
  ) {}

  next(request: Omit<SignableRequest, 'timestamp'>): string {
    const now = Math.floor(this.unixMs() / 1_000);
    const content = digestOf(request);
    const taken = (this.used.get(content) ?? []).filter((second) => isNear(second, now));
    const second = this.draw(now, new Set(taken));
    this.forgetOld(now);
    this.used.delete(content); // the map stays in the order of use
    this.used.set(content, [...taken, second]);
    return String(second);
  }

  /** Number of different requests kept in memory. */
  get remembered(): number {
    return this.used.size;
  }

  /** The present second if every second is used: the API refuses the request, and the client sends it again later. */
  private draw(now: number, taken: ReadonlySet<number>): number {
    const free = SECONDS_AROUND.map((offset) => now + offset).filter(
      (second) => !taken.has(second),
    );
    return free[Math.floor(this.random() * free.length)] ?? now;
  }

  /** Stops at the first request that is still remembered: a call never visits all of them. */
  private forgetOld(now: number): void {
    for (const [content, seconds] of this.used) {
      if (seconds.some((second) => isNear(second, now))) return;
      this.used.delete(content);
    }
  }
}

const SECONDS_AROUND = Array.from({ length: 2 * FARTHEST_S + 1 }, (_, index) => index - FARTHEST_S);

function isNear(second: number, now: number): boolean {
  return Math.abs(now - second) <= FARTHEST_S;
}

function digestOf(request: Omit<SignableRequest, 'timestamp'>): string {
  const canonical = canonicalRequest({ ...request, timestamp: '' });
  return createHash('sha256').update(canonical).digest('base64');
}
