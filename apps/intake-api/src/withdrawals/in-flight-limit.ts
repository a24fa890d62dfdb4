import { ApiError } from '../http/api-error.js';

const RETRY_AFTER_SECONDS = '1';

/**
 * How many requests of this process may wait for their holds at once. Whoever comes when it is full is refused at once, with nothing on record:
 * a process that takes more than it can answer in time answers nobody in time, and its memory grows.
 */
export class RequestRoom {
  private taken = 0;

  constructor(private readonly most: number) {}

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.taken >= this.most)
      throw ApiError.of('overloaded', { 'retry-after': RETRY_AFTER_SECONDS });
    this.taken++;
    try {
      return await work();
    } finally {
      this.taken--;
    }
  }
}
