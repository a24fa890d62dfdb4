import { Injectable } from '@nestjs/common';
import { ok, refuse, type Result } from '@sluice/kernel';
import { InjectConfig } from '@sluice/service-shell';
import type { IntakeConfig } from '../../settings/intake-settings.js';

/**
 * Limits the requests of this process waiting for holds at the same time. A request above the limit
 * is refused at once, without a record. Without a limit an overloaded process would miss all
 * deadlines, and memory would grow.
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
