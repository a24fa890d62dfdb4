import { Injectable } from '@nestjs/common';
import {
  type FormCapabilities,
  intersection,
  isKeyless,
  likenessByFields,
  type ListedWithdrawal,
  matchesOfAttempt,
  possibleAfter,
  type ReadRecords,
  type Resolution,
  resolveUnknown,
  searchSpan,
  silenceOf,
  type UnknownAttempt,
  vanishedText,
  type VenueSpan,
} from '@sluice/connector-rules';
import type { BackgroundLoop, Logger } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import {
  askedNow,
  SearchedRecords,
  uniqueRecords,
  VenueListing,
} from '../listing/collect-window.js';
import { SubmissionLoops } from '../loops/submission-loops.js';
import type { WorkerLease } from '../loops/worker-lease.js';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import {
  type Resolved,
  type UnknownSubmission,
  UnknownSubmissions,
} from './unknown-submissions.js';

const REST_MS = 250;
const IDLE_MS = 1_000;
const AT_ONCE = 500;
/** Up to this number, submissions are looked up by our key; more are searched in the listing. */
const FEW = 4;
const TIME_AGAIN_MS = 1_000;
const LONGEST_GROUP_MS = 86_400_000;

/** `covered`: period with proven absence of missing records; null for none. */
type FoundOutcome =
  | { kind: 'records'; records: readonly ListedWithdrawal[]; covered: VenueSpan | null }
  | { kind: 'unavailable'; retryAfterMs: number; cause: string };

/** Resolves submissions without an outcome by queries only; silence may permit another send. */
@Injectable()
export class UnknownResolver {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly listing: VenueListing,
    private readonly unknowns: UnknownSubmissions,
    loops: SubmissionLoops,
    @InjectLogger() private readonly logger: Logger,
    private readonly workers: SubmissionWorkers,
  ) {
    this.loop = loops.whileDue(
      { name: 'resolve unknown', lease: 'resolver', work: 'unknown', idleMs: IDLE_MS },
      (lease) => this.step(lease),
    );
  }

  private async step(lease: WorkerLease): Promise<number> {
    let restMs = IDLE_MS;
    for (const form of this.listing.venue.capabilities.forms) {
      const due = await this.unknowns.due(form, AT_ONCE);
      if (due.length === 0) continue;
      restMs = REST_MS;
      if (await lease.held())
        for (const group of groupedByTime(due)) await this.resolve(form, group);
    }
    return restMs;
  }

  private async resolve(form: FormCapabilities, due: readonly UnknownSubmission[]): Promise<void> {
    const now = this.listing.clock.latest();
    if (now === null)
      return this.unknowns.postpone(due, TIME_AGAIN_MS, 'the time of the venue is not known');
    const found = await this.records(form, due, now);
    if (found.kind === 'unavailable')
      return this.unknowns.postpone(due, found.retryAfterMs, found.cause);

    const records = uniqueRecords(found.records);
    const taken = await this.unknowns.claimed(
      form.form,
      records.map((record) => record.venueReference),
    );
    const unclaimed = records.filter((record) => !taken.has(record.venueReference));
    const resolved = due.map((submission): Resolved => {
      const { covered } = found;
      const resolution = afterForeignAnswer(
        form,
        submission,
        { unclaimed, covered },
        resolveUnknown(form, submission, unclaimed, covered),
      );
      const possible = possiblePayments(form, submission, unclaimed);
      return withPossibleRecords({ submission, resolution }, { listed: records, possible });
    });
    await this.unknowns.apply(withoutSharedRecords(resolved));
    this.report(resolved);
    this.workers.wake();
  }

  /**
   * An answer by our key proves a payment. Silence needs the listing too: a record may lack our
   * key.
   */
  private async records(
    form: FormCapabilities,
    due: readonly UnknownSubmission[],
    now: Date,
  ): Promise<FoundOutcome> {
    const bySearch = form.recovery === 'search' && due.length <= FEW;
    const asked = bySearch ? await this.askEach(form, due, now) : null;
    if (asked?.kind === 'unavailable' || (asked && asked.records.length >= due.length))
      return asked;
    const listed = await this.searchListing(form, due, now);
    if (asked === null) return listed;
    if (listed.kind === 'unavailable') return { ...asked, covered: null };
    return {
      kind: 'records',
      records: [...asked.records, ...listed.records],
      covered: asked.covered && listed.covered && intersection(asked.covered, listed.covered),
    };
  }

  /** The covered period of several look-ups is the intersection of their periods. */
  private async askEach(
    form: FormCapabilities,
    due: readonly UnknownSubmission[],
    now: Date,
  ): Promise<FoundOutcome> {
    const records: ListedWithdrawal[] = [];
    const span = searchSpan(form, due, now);
    const asked = askedNow(this.listing.clock);
    let covered: VenueSpan | null = span;
    for (const { clientReference } of due) {
      const outcome = await this.listing.venue.lookup({
        form: form.form,
        clientReference,
        ...span,
      });
      if (outcome.kind === 'unavailable') return outcome;
      if (outcome.kind === 'found') records.push(...outcome.records);
      else covered = covered && intersection(covered, outcome.covered);
    }
    return { kind: 'records', records, covered: asked.provenBy(covered) };
  }

  private async searchListing(
    form: FormCapabilities,
    due: readonly UnknownSubmission[],
    now: Date,
  ): Promise<FoundOutcome> {
    const destinations = [...new Set(due.map((submission) => submission.destination))];
    const window = { form: form.form, ...searchSpan(form, due, now), destinations };
    const searched = new SearchedRecords(now);
    const end = await this.listing.collect(window, searched.onPage);
    if (end.kind === 'unavailable') return end;
    const covered = end.kind === 'complete' ? searched.covered(end) : null;
    return { kind: 'records', records: searched.records, covered };
  }

  private report(resolved: readonly Resolved[]): void {
    for (const { submission, resolution } of resolved) {
      if (resolution.kind === 'look_again') continue;
      const fields = {
        withdrawalId: submission.withdrawalId,
        attempt: submission.attempt,
        resolution: resolution.kind,
      };
      if (resolution.kind === 'person_needed' && submission.state === 'unknown')
        this.logger.error(
          { ...fields, cause: resolution.cause },
          'an operator must decide the outcome of a submission',
        );
      else this.logger.info(fields, 'a submission with an unknown outcome was looked up');
    }
  }
}

/** Groups submissions by time (oldest first): one window may be longer than the venue permits. */
function groupedByTime(due: readonly UnknownSubmission[]): UnknownSubmission[][] {
  const groups: UnknownSubmission[][] = [];
  for (const submission of due) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (
      group &&
      first &&
      submission.lastSentAt.getTime() - first.firstSentAt.getTime() < LONGEST_GROUP_MS
    )
      group.push(submission);
    else groups.push([submission]);
  }
  return groups;
}

/** Returns the records of an attempt, and the records of which the owner cannot be told. */
function possiblePayments(
  form: FormCapabilities,
  attempt: UnknownAttempt,
  unclaimed: readonly ListedWithdrawal[],
): readonly ListedWithdrawal[] {
  if (isKeyless(form)) return unclaimed.filter((record) => mayBe(attempt, record));
  const { same, unclear } = matchesOfAttempt(form, attempt, unclaimed);
  return [...same, ...unclear];
}

/** Adds the possible records of all look-ups. While one exists, a person decides instead of silence. */
export function withPossibleRecords<S extends Pick<UnknownSubmission, 'possibleRecords'>>(
  { submission, resolution }: { readonly submission: S; readonly resolution: Resolution },
  records: ReadRecords,
) {
  const possibleRecords = possibleAfter(submission.possibleRecords, records);
  const isBlocked = resolution.kind === 'absent' && possibleRecords.length > 0;
  const decided: Resolution = isBlocked
    ? { kind: 'person_needed', cause: vanishedText(possibleRecords) }
    : resolution;
  return { submission, possibleRecords, resolution: decided };
}

/** A record cannot belong to two submissions: a shared record proves no outcome for either. */
function withoutSharedRecords(resolved: readonly Resolved[]): Resolved[] {
  const uses = new Map<string, number>();
  for (const { resolution } of resolved) {
    if (resolution.kind === 'found')
      uses.set(
        resolution.record.venueReference,
        (uses.get(resolution.record.venueReference) ?? 0) + 1,
      );
  }
  return resolved.map((one) => {
    if (one.resolution.kind !== 'found' || uses.get(one.resolution.record.venueReference) === 1)
      return one;
    return {
      ...one,
      resolution: {
        kind: 'person_needed',
        cause: `record ${one.resolution.record.venueReference} fits more than one submission`,
      },
    };
  });
}

/** The clocks of records and answers may differ by this much. */
const MARGIN_MS = 600_000;

interface Looked {
  readonly unclaimed: readonly ListedWithdrawal[];
  readonly covered: VenueSpan | null;
}

/**
 * Resolution of an attempt that another party answered, at a keyless venue. The full rule of
 * silence proves absence, unless an unclaimed record may be the payment: then a person decides.
 */
export function afterForeignAnswer(
  form: FormCapabilities,
  attempt: UnknownAttempt & { readonly isForeign: boolean },
  { unclaimed, covered }: Looked,
  resolution: Resolution,
): Resolution {
  if (!attempt.isForeign || !isKeyless(form) || resolution.kind !== 'person_needed')
    return resolution;
  if (unclaimed.some((record) => mayBe(attempt, record))) return resolution;
  return silenceOf(form, attempt, covered) === 'proves_absence' ? { kind: 'absent' } : resolution;
}

/** True unless the record is readably of another amount or currency, or from before the attempt. */
function mayBe(attempt: UnknownAttempt, record: ListedWithdrawal): boolean {
  const isOlder = record.createdAt.getTime() < attempt.firstSentAt.getTime() - MARGIN_MS;
  return (
    !isOlder &&
    likenessByFields(attempt, { ...record, network: null, destination: null }) !== 'different'
  );
}
