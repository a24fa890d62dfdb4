import { resolveUnknown, type FormCapabilities, type ListedWithdrawal, type VenueAdapter } from '@sluice/connector-core';
import { collectWindow } from '../status/collect-window.js';
import { Loop, type Logger } from '../worker/loop.js';
import type { WorkerLease } from '../worker/worker-lease.js';
import type { Resolved, UnknownSubmission, UnknownSubmissions } from './unknown-submissions.js';

const REST_MS = 250;
const AT_ONCE = 500;
/** Up to this many are asked for one by one by our key; more are searched in the listing, a thousand per request. */
const FEW = 4;
const MARGIN_MS = 60_000;

type Found = { kind: 'records'; records: readonly ListedWithdrawal[] } | { kind: 'unavailable'; retryAfterMs: number };

/** Finds out what became of submissions without an outcome. It only asks; whether to send again is decided by what silence proves. */
export class UnknownResolver {
  readonly loop: Loop;

  constructor(
    private readonly adapter: VenueAdapter,
    private readonly unknowns: UnknownSubmissions,
    private readonly lease: WorkerLease,
    private readonly logger: Logger,
    private readonly onResolved: () => void,
  ) {
    this.loop = new Loop('resolve unknown', logger, () => this.step());
  }

  private async step(): Promise<number> {
    for (const form of this.adapter.capabilities.forms) {
      const due = await this.unknowns.due(form, AT_ONCE);
      if (due.length > 0 && (await this.lease.held())) await this.resolve(form, due);
    }
    return REST_MS;
  }

  private async resolve(form: FormCapabilities, due: readonly UnknownSubmission[]): Promise<void> {
    const askedAt = new Date(); // silence counts from the question, not from when its answer is read
    const found = form.recovery === 'search' && due.length <= FEW ? await this.askEach(due) : await this.searchListing(form, due);
    if (found.kind === 'unavailable') return this.unknowns.postpone(due, found.retryAfterMs);

    const records = uniqueByReference(found.records);
    const taken = await this.unknowns.claimed(
      form.form,
      records.map((record) => record.venueReference),
    );
    const unclaimed = records.filter((record) => !taken.has(record.venueReference));
    const resolved = due.map((submission): Resolved => ({ submission, resolution: resolveUnknown(form, submission, unclaimed, askedAt) }));
    await this.unknowns.apply(withoutSharedRecords(resolved));
    this.report(resolved);
    this.onResolved();
  }

  private async askEach(due: readonly UnknownSubmission[]): Promise<Found> {
    const records: ListedWithdrawal[] = [];
    for (const { form, clientReference, notBefore } of due) {
      const outcome = await this.adapter.lookup({ form, clientReference, notBefore });
      if (outcome.kind === 'unavailable') return outcome;
      if (outcome.kind === 'found') records.push(...outcome.records);
    }
    return { kind: 'records', records };
  }

  private async searchListing(form: FormCapabilities, due: readonly UnknownSubmission[]): Promise<Found> {
    const first = Math.min(...due.map((submission) => submission.notBefore.getTime()));
    const destinations = [...new Set(due.map((submission) => submission.destination))];
    const window = { form: form.form, from: new Date(first - MARGIN_MS), to: new Date(Date.now() + MARGIN_MS), destinations };
    const records: ListedWithdrawal[] = [];
    const end = await collectWindow(this.adapter, window, async (page) => {
      records.push(...page);
      return false;
    });
    return end.kind === 'unavailable' ? end : { kind: 'records', records };
  }

  private report(resolved: readonly Resolved[]): void {
    for (const { submission, resolution } of resolved) {
      if (resolution.kind === 'look_again') continue;
      const fields = { withdrawalId: submission.withdrawalId, attempt: submission.attempt, resolution: resolution.kind };
      if (resolution.kind === 'person_needed' && submission.state === 'unknown')
        this.logger.error({ ...fields, cause: resolution.cause }, 'a person must decide what became of a submission');
      else this.logger.info(fields, 'unknown submission looked up');
    }
  }
}

function uniqueByReference(records: readonly ListedWithdrawal[]): ListedWithdrawal[] {
  return [...new Map(records.map((record) => [record.venueReference, record])).values()];
}

/** One record cannot be the answer to two questions: where that happens, nothing is proven for either. */
function withoutSharedRecords(resolved: readonly Resolved[]): Resolved[] {
  const uses = new Map<string, number>();
  for (const { resolution } of resolved) {
    if (resolution.kind === 'found') uses.set(resolution.record.venueReference, (uses.get(resolution.record.venueReference) ?? 0) + 1);
  }
  return resolved.map((one) => {
    if (one.resolution.kind !== 'found' || uses.get(one.resolution.record.venueReference) === 1) return one;
    return { ...one, resolution: { kind: 'person_needed', cause: `record ${one.resolution.record.venueReference} fits more than one submission` } };
  });
}
