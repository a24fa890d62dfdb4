import { Injectable } from '@nestjs/common';
import { ok, refuse, type Result } from '@sluice/result';
import { InjectConfig } from '@sluice/service-shell';
import type { IntakeConfig } from '../config.js';

/**
 * Limits how many requests of this process wait for their holds at once. One above the limit is refused at once, with nothing on record:
 * a process that accepts more than it can answer in time answers nobody in time, and its memory grows.
 */
@Injectable()
export class InFlightLimit {
  private running = 0;

  constructor(@InjectConfig() private readonly config: Pick<IntakeConfig, 'maxPendingRequests'>) {}

  async run<T>(work: () => Promise<T>): Promise<Result<T, { readonly kind: 'overloaded' }>> {
    if (this.running >= this.config.maxPendingRequests) return refuse({ kind: 'overloaded' });
    this.running++;
    try {
      return ok(await work());
    } finally {
      this.running--;
    }
  }
}
