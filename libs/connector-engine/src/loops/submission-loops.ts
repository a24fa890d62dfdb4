import { Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { Check, Health, InjectLogger } from '@sluice/service-shell';
import { type DueWork, UnderWay } from './under-way.js';
import { WorkerLeases, type WorkerLease } from './worker-lease.js';

/** Part of the interval after which an instance without the lease of a check tries again. */
export const REFUSED_AGAIN = 1 / 4;
/** A shorter configured interval does not make a stall of the machine a missed check. */
export const LEAST_CHECK_INTERVAL_MS = 15_000;

interface Job {
  readonly name: string;
  readonly lease: string;
  /** Time of refusals after which an instance works without the lease; default: 30 s. */
  readonly longestRefusalMs?: number;
}

export interface WaitingJob extends Job {
  readonly work: DueWork;
  readonly idleMs: number;
}

/** Loops of jobs that a single instance does at a time. */
@Injectable()
export class SubmissionLoops {
  constructor(
    private readonly underWay: UnderWay,
    private readonly leases: WorkerLeases,
    @InjectLogger() private readonly logger: Logger,
    private readonly health: Health,
  ) {}

  leased(
    { name, lease: leaseName, longestRefusalMs }: Job,
    step: (lease: WorkerLease, signal: AbortSignal) => Promise<number>,
  ): BackgroundLoop {
    const lease = this.leases.named(leaseName, longestRefusalMs);
    return new BackgroundLoop(name, this.logger, (signal) => step(lease, signal));
  }

  /** Registers a check done by each instance every `intervalMs`. */
  check(name: string, intervalMs: number): Check {
    const everyMs = Math.max(intervalMs, LEAST_CHECK_INTERVAL_MS);
    return this.health.watch(new Check({ name, everyMs }));
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

  /** Rests for `idleMs`, or until a query finds the work due, while the work is not due. */
  whileDue(
    { work, idleMs, ...job }: WaitingJob,
    step: (lease: WorkerLease) => Promise<number>,
  ): BackgroundLoop {
    const loop = this.leased(job, async (lease) =>
      (await this.underWay.isDue(work)) ? step(lease) : idleMs,
    );
    this.underWay.whenDue(work, () => loop.wake());
    return loop;
  }
}
