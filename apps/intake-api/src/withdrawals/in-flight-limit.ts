import { ApiError } from '../http/api-error.js';

const RETRY_AFTER_SECONDS = '1';

/**
 * Limits how many requests of this process wait for their holds at once. One above the limit is refused at once, with nothing on record:
 * a process that accepts more than it can answer in time answers nobody in time, and its memory grows.
 */
export class InFlightLimit {
  private running = 0;

  constructor(private readonly max: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.max)
      throw ApiError.of('overloaded', { 'retry-after': RETRY_AFTER_SECONDS });
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
    }
  }
}
