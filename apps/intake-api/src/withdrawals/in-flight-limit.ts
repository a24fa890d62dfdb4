import { ok, refuse, type Result } from '@sluice/result';

/**
 * Limits how many requests of this process wait for their holds at once. One above the limit is refused at once, with nothing on record:
 * a process that accepts more than it can answer in time answers nobody in time, and its memory grows.
 */
export class InFlightLimit {
  private running = 0;

  constructor(private readonly max: number) {}

  async run<T>(work: () => Promise<T>): Promise<Result<T, { readonly kind: 'overloaded' }>> {
    if (this.running >= this.max) return refuse({ kind: 'overloaded' });
    this.running++;
    try {
      return ok(await work());
    } finally {
      this.running--;
    }
  }
}
