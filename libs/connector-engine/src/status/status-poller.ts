import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import {
  covers,
  type FormCapabilities,
  type ListedWithdrawal,
  type VenueSpan,
} from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { type BackgroundLoop, type Logger, monotonicMs } from '@sluice/runtime';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import { VenueListing } from '../listing/collect-window.js';
import { SubmissionLoops } from '../loops/submission-loops.js';
import type { WorkerLease } from '../loops/worker-lease.js';
import { type OpenSubmission, type PollWindow, pollWindows } from './judgement.js';
import { OpenSubmissions } from './open-submissions.js';

const AT_ONCE = 10_000;
const FINISHED_KEPT = 50_000;

/** Tracks accepted submissions to their final status by listings. */
@Injectable()
export class StatusPoller {
  readonly loop: BackgroundLoop;
  /** Records to be skipped while unchanged: ended in agreement with our state, or not ours. */
  private readonly finished = new LRUCache<string, ListedWithdrawal['status']['kind']>({
    max: FINISHED_KEPT,
  });

  constructor(
    private readonly listing: VenueListing,
    private readonly open: OpenSubmissions,
    loops: SubmissionLoops,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig()
    private readonly options: {
      readonly pollIntervalMs: number;
      readonly notListedAfterMs: number;
    },
  ) {
    this.loop = loops.whileUnderWay(
      { name: 'status poller', lease: 'poller', idleMs: options.pollIntervalMs },
      (lease) => this.step(lease),
    );
  }

  private async step(lease: WorkerLease): Promise<number> {
    const started = monotonicMs();
    const { forms } = this.listing.venue.capabilities;
    const names = forms.map(({ form }) => form);
    const due = await this.open.due(names, AT_ONCE);
    for (const form of forms) {
      const ofForm = due.get(form.form) ?? [];
      if (ofForm.length > 0 && (await lease.held())) await this.poll(form, ofForm);
    }
    return Math.max(1, this.options.pollIntervalMs - (monotonicMs() - started));
  }

  private async poll(form: FormCapabilities, due: readonly OpenSubmission[]): Promise<void> {
    const wanted = new Map(due.map((submission) => [submission.venueReference, submission]));
    const now = this.listing.clock.latest();
    if (now === null) return;
    for (const window of pollWindows(form, due, now)) {
      const end = await this.walk(form.form, window, wanted);
      if (end.kind === 'unavailable')
        this.logger.warn(
          { form: form.form, cause: end.cause },
          'the list of withdrawals at the venue is not available',
        );
      // A window cut short, or queried while the venue's clock was not trusted, proves no absence.
      if (
        end.kind === 'complete' &&
        end.covered !== null &&
        covers(end.covered, sentDuring(window))
      )
        await this.reportUnlisted(
          window.members.filter((member) => wanted.has(member.venueReference)),
        );
    }
    await this.open.reschedule(due);
  }

  /** Stops once every member of the window was listed. `wanted` keeps the unlisted members. */
  private async walk(form: string, window: PollWindow, wanted: Map<string, OpenSubmission>) {
    const { from, to, members, single } = window;
    let missing = members.length;
    const destinations = [...new Set(members.map((member) => member.destination))];
    return this.listing.collect(
      { form, from, to, destinations, ...(single !== null && { venueReference: single }) },
      async (records) => {
        const found = new Map<string, OpenSubmission>();
        const others: ListedWithdrawal[] = [];
        for (const record of records) {
          const submission = wanted.get(record.venueReference);
          if (submission) found.set(record.venueReference, submission);
          else if (this.finished.get(keyOf(record)) !== record.status.kind) others.push(record);
        }
        for (const reference of found.keys()) if (wanted.delete(reference)) missing--;
        await this.store(form, records, found, others);
        return missing <= 0;
      },
    );
  }

  private async store(
    form: string,
    records: readonly ListedWithdrawal[],
    found: Map<string, OpenSubmission>,
    others: readonly ListedWithdrawal[],
  ): Promise<void> {
    const judged = records.flatMap((record) => {
      const submission = found.get(record.venueReference);
      return submission ? [this.open.judge(submission, record)] : [];
    });
    const unmarked = judged.filter(
      ({ submission, verdict }) => !submission.wasListed && verdict.kind === 'nothing',
    ); // a verdict already marks the submission as listed
    await this.open.listed(unmarked.map(({ submission }) => submission.withdrawalId));
    judged.push(...(await this.open.judgeRecords(form, others)));
    await this.open.apply(judged);
    for (const record of records.filter(isFinal))
      this.finished.set(keyOf(record), record.status.kind);
  }

  private async reportUnlisted(missing: readonly OpenSubmission[]): Promise<void> {
    const stale = missing.filter(
      ({ acceptedForMs, wasListed, isUnlisted }) =>
        acceptedForMs > this.options.notListedAfterMs && !wasListed && !isUnlisted,
    );
    await this.open.notListed(stale);
  }
}

function sentDuring({ members }: PollWindow): VenueSpan {
  return {
    from: new Date(Math.min(...members.map(({ firstSentAt }) => firstSentAt.getTime()))),
    to: new Date(Math.max(...members.map(({ lastSentAt }) => lastSentAt.getTime()))),
  };
}

function isFinal(record: ListedWithdrawal): boolean {
  return record.status.kind === 'settled' || record.status.kind === 'failed';
}

function keyOf(record: ListedWithdrawal): string {
  return `${record.form} ${record.venueReference}`;
}

const HINTED = `
  UPDATE submission SET next_action_at = clock_timestamp()
   WHERE venue_reference = ANY ($1::text[])
     AND (state = 'accepted' OR (state = 'settled' AND next_action_at IS NOT NULL))`;

/** Handles changes reported by a webhook: the named submissions are queried at once. */
@Injectable()
export class VenueHints {
  constructor(
    private readonly database: Database,
    private readonly poller: StatusPoller,
  ) {}

  async lookUpNow(venueReferences: readonly string[]): Promise<void> {
    await this.database.query(HINTED, [venueReferences]);
    this.poller.loop.wake();
  }
}
