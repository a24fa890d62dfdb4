import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Batcher, type Logger } from '@sluice/background';
import { crashAt } from '@sluice/crash-point';
import { InjectLogger } from '@sluice/service-shell';
import { Outcomes, type ClaimOutcome } from '../queue/outcomes.js';

const RETRY_MS = 200;

/** Commits outcomes as they come in: whatever finished while the last commit was under way goes into the next one. */
@Injectable()
export class OutcomeCommitter {
  private readonly batcher = new Batcher<ClaimOutcome, void>((batch) => this.store(batch));

  constructor(
    @Inject(Outcomes) private readonly outcomes: Pick<Outcomes, 'store'>,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  add(outcome: ClaimOutcome): void {
    this.batcher.put(outcome);
  }

  /** Resolves when everything added so far is stored. */
  drained(): Promise<void> {
    return this.batcher.drained();
  }

  private async store(batch: readonly ClaimOutcome[]): Promise<void> {
    for (;;) {
      try {
        const fenced = await this.outcomes.store(batch);
        crashAt('connector.after-outcome');
        if (fenced > 0) this.logger.warn({ fenced }, 'outcomes came after their lease had ended');
        return;
      } catch (error) {
        if (isUniqueViolation(error)) return this.storeSingly(batch);
        // An outcome is never dropped: should the lease end meanwhile, its token refuses it and a look-up finds the truth.
        this.logger.warn(
          { err: error, outcomes: batch.length },
          'outcomes could not be stored yet',
        );
        await sleep(RETRY_MS);
      }
    }
  }

  /** The venue gave out one reference twice: that one outcome is not to be believed, the others are. */
  private async storeSingly(batch: readonly ClaimOutcome[]): Promise<void> {
    const [only, ...others] = batch;
    if (only && others.length === 0) return this.store([disbelieved(only)]);
    for (const one of batch) await this.store([one]);
  }
}

function disbelieved({ claim, outcome }: ClaimOutcome): ClaimOutcome {
  const cause =
    outcome.kind === 'accepted'
      ? `the venue answered with ${outcome.venueReference}, which belongs to another submission`
      : 'its outcome could not be stored';
  return { claim, outcome: { kind: 'unknown', cause, evidence: outcome.evidence } };
}

function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}
