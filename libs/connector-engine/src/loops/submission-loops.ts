import { Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { UnderWay } from './under-way.js';
import { WorkerLeases, type WorkerLease } from './worker-lease.js';

export interface Job {
  /** Name of the loop in the logs. */
  readonly name: string;
  /** Name of the lease. */
  readonly lease: string;
}

/** Loops of jobs that a single instance does at a time. */
@Injectable()
export class SubmissionLoops {
  constructor(
    private readonly underWay: UnderWay,
    private readonly leases: WorkerLeases,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  leased(
    { name, lease: leaseName }: Job,
    step: (lease: WorkerLease, signal: AbortSignal) => Promise<number>,
  ): BackgroundLoop {
    const lease = this.leases.named(leaseName);
    return new BackgroundLoop(name, this.logger, (signal) => step(lease, signal));
  }

  /** Rests for `idleMs` while no submission is unfinished. */
  whileUnderWay(
    job: Job & { readonly idleMs: number },
    step: (lease: WorkerLease) => Promise<number>,
  ): BackgroundLoop {
    return this.leased(job, async (lease) =>
      (await this.underWay.any()) ? step(lease) : job.idleMs,
    );
  }
}
