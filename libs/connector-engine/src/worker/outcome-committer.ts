import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Batcher, crashAt, type Logger } from '@sluice/runtime';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { venueEvents } from '@sluice/messages';
import { InjectLogger } from '@sluice/service-shell';
import { Outcomes, type ClaimOutcome, type RefusedOrder } from '../queue/outcomes.js';
import { RefusalCheck } from '../refusal/refusal-check.js';
import { InjectCapabilities } from '../tokens/tokens.js';

const RETRY_MS = 200;
/** Interval between two commits in milliseconds. */
const GATHER_MS = 50;

/** Commits outcomes as they arrive, several at once unless a client is waiting. */
@Injectable()
export class OutcomeCommitter {
  private readonly batcher: Batcher<ClaimOutcome, void>;

  constructor(
    @Inject(Outcomes) private readonly outcomes: Pick<Outcomes, 'store' | 'refuse'>,
    @InjectLogger() private readonly logger: Logger,
    @Inject(RefusalCheck) private readonly refusals: { readonly loop: { wake(): void } },
    @InjectCapabilities() { venue }: Pick<VenueCapabilities, 'venue'>,
  ) {
    const isAwaited = venueEvents(venue).awaited.size > 0;
    this.batcher = new Batcher((batch) => this.store(batch), { restMs: isAwaited ? 0 : GATHER_MS });
  }

  add(outcome: ClaimOutcome): void {
    this.batcher.put(outcome);
  }

  refuse(refusals: readonly RefusedOrder[]): Promise<void> {
    return this.outcomes.refuse(refusals);
  }

  /** Resolves when all outcomes added before the call are stored. */
  drained(): Promise<void> {
    return this.batcher.drained();
  }

  private async store(batch: readonly ClaimOutcome[]): Promise<void> {
    for (;;) {
      try {
        const fenced = await this.outcomes.store(batch);
        crashAt('connector.after-outcome');
        if (batch.some(({ outcome }) => outcome.kind === 'refused')) this.refusals.loop.wake();
        if (fenced > 0)
          this.logger.warn(
            { fenced },
            'outcomes arrived after their leases had ended and were ignored',
          );
        return;
      } catch (error) {
        const fault = faultOfContent(error);
        if (fault !== null) return this.storeSingly(batch, fault);
        // The fencing token rejects an outcome after the lease, and the look-up finds the result.
        this.logger.warn(
          { err: error, outcomes: batch.length },
          'outcomes could not be stored and will be stored again',
        );
        await sleep(RETRY_MS);
      }
    }
  }

  /** Stores the batch individually, because a single outcome is invalid. */
  private async storeSingly(batch: readonly ClaimOutcome[], fault: ContentFault): Promise<void> {
    const [only, ...others] = batch;
    if (only && others.length === 0) return this.store([disbelieved(only, fault)]);
    for (const one of batch) await this.store([one]);
  }
}

/** Why the database will never store a batch: a reference given twice, or data no column can store. */
type ContentFault = 'reference_twice' | 'not_storable';

function faultOfContent(error: unknown): ContentFault | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  if (code === '23505') return 'reference_twice';
  return typeof code === 'string' && code.startsWith('22') ? 'not_storable' : null; // class 22: data exceptions
}

function disbelieved({ claim, outcome }: ClaimOutcome, fault: ContentFault): ClaimOutcome {
  if (fault === 'not_storable') {
    const evidence = { status: outcome.evidence.status, body: '(could not be stored)' };
    return {
      claim,
      outcome: { kind: 'unknown', cause: 'its outcome could not be stored', evidence },
    };
  }
  const cause =
    outcome.kind === 'accepted'
      ? `the venue answered with ${outcome.venueReference}, which belongs to another submission`
      : 'its outcome could not be stored';
  return { claim, outcome: { kind: 'unknown', cause, evidence: outcome.evidence } };
}
