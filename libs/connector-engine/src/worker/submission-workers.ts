import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import type { VenueAdapter } from '@sluice/connector-rules';
import type { Tx } from '@sluice/postgres';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import { SubmissionQueue } from '../queue/submission-queue.js';
import { UnderWay } from '../loops/under-way.js';
import { PutBackRows } from '../restore/put-back-rows.js';
import { RatePlan } from '../rate/rate-plan.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { OutcomeCommitter } from './outcome-committer.js';
import { SendGate } from './send-gate.js';
import type { PeekedOrders } from './lane-turns.js';
import { SubmissionWorker, type WorkerOptions } from './submission-worker.js';

type PeekedByForm = ReadonlyMap<string, PeekedOrders>;

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

  async peekIn(tx: Pick<Tx, 'query'>, forms: readonly string[]): Promise<PeekedByForm> {
    const peeked = new Map<string, PeekedOrders>();
    for (const worker of this.workers) {
      const orders = forms.includes(worker.formName) ? await worker.peekIn(tx) : null;
      if (orders !== null) peeked.set(worker.formName, orders);
    }
    return peeked;
  }

  /** Wakes the workers. `forms`: default all. `peeked`: orders peeked in the transaction. */
  wake(forms?: readonly string[], peeked?: PeekedByForm): void {
    this.underWay.begun();
    for (const worker of this.workers)
      if (forms?.includes(worker.formName) !== false)
        worker.wake(peeked?.get(worker.formName) ?? null);
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}
