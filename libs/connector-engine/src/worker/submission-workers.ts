import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import type { VenueAdapter } from '@sluice/connector-rules';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import type { NewOrder } from '../queue/due-order.js';
import { SubmissionQueue } from '../queue/submission-queue.js';
import { UnderWay } from '../loops/under-way.js';
import { PutBackRows } from '../restore/put-back-rows.js';
import { RatePlan } from '../rate/rate-plan.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { OutcomeCommitter } from './outcome-committer.js';
import { SendGate } from './send-gate.js';
import { type FirstSends, SubmissionWorker, type WorkerOptions } from './submission-worker.js';

@Injectable()
export class SubmissionWorkers {
  private readonly workers: readonly SubmissionWorker[];

  constructor(
    @InjectVenueAdapter() adapter: VenueAdapter,
    queue: SubmissionQueue,
    private readonly underWay: UnderWay,
    ratePlan: RatePlan,
    committer: OutcomeCommitter,
    gate: SendGate,
    @InjectLogger() logger: Logger,
    @InjectConfig() options: WorkerOptions,
    putBack: PutBackRows,
  ) {
    const sending = { adapter, queue, underWay, ratePlan, committer, gate, putBack };
    this.workers = adapter.capabilities.forms.map(
      (form) => new SubmissionWorker(form, sending, logger, options),
    );
  }

  start(): void {
    for (const { loop } of this.workers) loop.start();
  }

  /**
   * Prepares new orders of one form that may be sent by the transaction that stores the orders.
   * Null: every order waits in the queue. The caller must call `send`.
   */
  async prepareFirst(orders: readonly NewOrder[]): Promise<FirstSends | null> {
    for (const worker of this.workers) {
      const first = await worker.prepareFirst(
        orders.filter(({ form }) => form === worker.formName),
      );
      if (first !== null) return first;
    }
    return null;
  }

  /** Wakes the workers. `forms`: default all. */
  wake(forms?: readonly string[]): void {
    this.underWay.begun();
    for (const worker of this.workers)
      if (forms?.includes(worker.formName) !== false) worker.wake();
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}
