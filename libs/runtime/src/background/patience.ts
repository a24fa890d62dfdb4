import { monotonicMs } from '../clock/process-clock.js';

/**
 * Limits how long a lock or lease can keep this process from work. A lock is only a courtesy between
 * instances: any session with the login of the service can hold the lock, or write the lease.
 *
 * After `limitMs` of refusals by the monotonic clock of this process, the work is permitted once
 * without the lock. The work must therefore be harmless if two instances do it at the same time.
 */
export class Patience {
  private refusedSince: number | null = null;

  constructor(
    private readonly limitMs: number,
    private readonly now: () => number = monotonicMs,
  ) {}

  /**
   * `take` returns false if another instance has the lock. A failed or blocked `take` counts as a
   * refusal.
   */
  async permits(take: () => Promise<boolean>): Promise<boolean> {
    this.refusedSince ??= this.now();
    if (this.now() - this.refusedSince <= this.limitMs && !(await take())) return false;
    this.refusedSince = null;
    return true;
  }
}
