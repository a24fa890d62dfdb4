/** Share of a key's limit reserved ahead, and the largest reservation. */
const [SHARE, LARGEST] = [50, 500];

/** Number of requests to reserve ahead: none for a small limit, which is therefore kept exactly. */
export function reservedAhead(rateLimit: number): number {
  return Math.min(Math.floor(rateLimit / SHARE), LARGEST);
}

/**
 * Numbers of requests reserved in `rate_window`. The requests of a key in a minute are numbered over
 * all instances, and a number above the limit is refused. A reservation ahead saves one update per
 * request. Numbers not used by an instance in the minute are lost. Each further instance can
 * therefore make the limit up to a fiftieth smaller, and never larger.
 */
export class RateLeases {
  private readonly numbers = new Map<string, number[]>();
  private current = -1;

  /** Minute of the leases, by the database's clock. */
  get minute(): number {
    return this.current;
  }

  /** Number of the key's requests without a need for a reservation, in the minute of the leases. */
  left(keyId: string): number {
    return this.numbers.get(keyId)?.length ?? 0;
  }

  /** Drops the leases of another minute. */
  enter(minute: number): void {
    if (minute === this.current) return;
    this.numbers.clear();
    this.current = minute;
  }

  /** Adds a reservation of `count` numbers; `used` is the last of them. */
  reserve(keyId: string, { used, count }: { readonly used: number; readonly count: number }): void {
    const added = Array.from({ length: count }, (_, index) => used - count + 1 + index);
    this.numbers.set(keyId, [...(this.numbers.get(keyId) ?? []), ...added]);
  }

  /** Returns the next number. Throws if no number is reserved. */
  next(keyId: string): number {
    const number = this.numbers.get(keyId)?.shift();
    if (number === undefined) throw new Error(`no request of the key ${keyId} is reserved`);
    return number;
  }
}
