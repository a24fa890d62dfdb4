import { Inject, Injectable } from '@nestjs/common';
import {
  absentFrom,
  covers,
  differencesFrom,
  formNamed,
  isAsAsked,
  searchSpan,
  type FormCapabilities,
  type ListedWithdrawal,
  type TrackedSubmission,
  type VenueAdapter,
} from '@sluice/connector-rules';
import { refuse, ok, type Result } from '@sluice/kernel';
import { VenueClock } from '../clock/venue-clock.js';
import { collectWindow } from '../listing/collect-window.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';

export interface DecidedSubmission extends TrackedSubmission {
  readonly form: string;
  readonly clientReference: string;
  /** The venue's time before the first and before the last request left. */
  readonly firstSentAt: Date;
  readonly lastSentAt: Date;
  /** Milliseconds since the last byte can have left, by the database's clock. */
  readonly silentMs: number;
}

export type ProofRefusal =
  /** The venue may still act on the request; `from` is the earliest venue time for the decision. */
  | { kind: 'too_early'; from: Date }
  | { kind: 'venue_time_unknown'; cause: string }
  | { kind: 'venue_not_asked'; cause: string }
  | { kind: 'not_at_venue' }
  | { kind: 'does_not_fit'; differences: readonly string[] }
  /** The venue lists a payment of this order; absence cannot be decided. */
  | { kind: 'listed'; venueReference: string };

@Injectable()
export class VenueProof {
  constructor(
    @InjectVenueAdapter() private readonly adapter: Pick<VenueAdapter, 'capabilities' | 'list'>,
    @Inject(VenueClock)
    private readonly clock: Pick<VenueClock, 'earliest' | 'latest' | 'unknownBecause' | 'jumps'>,
  ) {}

  /** Refuses absence while the venue may still execute requests lost by a restore of the database. */
  remembered(submission: {
    readonly form: string;
    readonly went_back_at: Date | null;
    readonly went_back_ms: number | null;
  }): Result<void, ProofRefusal> {
    const { forgottenForMs = 0 } = this.formOf(submission.form);
    const { went_back_at: at, went_back_ms: ms } = submission;
    return at === null || ms === null || ms >= forgottenForMs
      ? ok(undefined)
      : refuse({ kind: 'too_early', from: new Date(at.getTime() + forgottenForMs) });
  }

  /**
   * Refuses absence while the venue may act on the request, by the venue's and the database's
   * clock.
   */
  absent(submission: DecidedSubmission): Result<void, ProofRefusal> {
    const form = this.formOf(submission.form);
    const from = absentFrom(form, submission);
    if (from === null || form.honoured === null) return ok(undefined);
    const now = this.clock.earliest();
    const unknown = this.clock.unknownBecause();
    if (now === null || unknown !== null)
      return refuse({
        kind: 'venue_time_unknown',
        cause: unknown ?? 'the venue has not answered yet',
      });
    const waitMs = Math.max(
      from.getTime() - now.getTime(),
      form.honoured.forMs - submission.silentMs,
    );
    return waitMs > 0
      ? refuse({ kind: 'too_early', from: new Date(now.getTime() + waitMs) })
      : ok(undefined);
  }

  /** Requires the named record to exist without a readable difference to this payment. */
  async paid(
    submission: DecidedSubmission,
    venueReference: string,
  ): Promise<Result<void, ProofRefusal>> {
    const form = this.formOf(submission.form);
    const now = this.clock.latest();
    if (now === null)
      return refuse({ kind: 'venue_time_unknown', cause: 'the venue has not answered yet' });
    const window = {
      form: form.form,
      ...searchSpan(form, [submission], now),
      offset: 0,
      destinations: [submission.destination],
      venueReference,
    };
    const listing = await this.adapter.list(window);
    if (listing.kind === 'unavailable')
      return refuse({ kind: 'venue_not_asked', cause: listing.cause });
    const record = listing.records.find((one) => one.venueReference === venueReference);
    if (!record) return refuse({ kind: 'not_at_venue' });
    const differences = differencesFrom(submission, record);
    if (carriesOther(submission, record))
      differences.push(
        `our reference: asked ${submission.clientReference}, done ${record.clientReference ?? ''}`,
      );
    return differences.length > 0 ? refuse({ kind: 'does_not_fit', differences }) : ok(undefined);
  }

  /**
   * Refuses absence if the venue lists such a payment, or if the list is incomplete. `ofEqual`:
   * references of other orders with equal terms.
   */
  async unlisted(
    submission: DecidedSubmission,
    ofEqual: (references: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<Result<void, ProofRefusal>> {
    const form = this.formOf(submission.form);
    const now = this.clock.latest();
    if (now === null)
      return refuse({ kind: 'venue_time_unknown', cause: 'the venue has not answered yet' });
    const span = searchSpan(form, [submission], now);
    const fitting: string[] = [];
    const end = await collectWindow(
      this.adapter,
      this.clock,
      { form: form.form, ...span, destinations: [submission.destination] },
      (records, unreadable) => {
        // a row without time is compared in its other fields
        const drafts = unreadable.flatMap(({ draft }) => draft ?? []);
        for (const record of [...records, ...drafts.map((one) => ({ ...one, createdAt: now }))])
          if (record.status.kind !== 'failed' && isOf(submission, record))
            fitting.push(record.venueReference || 'a row without id');
        return Promise.resolve(false);
      },
    );
    if (end.kind === 'unavailable') return refuse({ kind: 'venue_not_asked', cause: end.cause });
    const until = absentFrom(form, submission) ?? submission.lastSentAt;
    const wanted = { from: span.from, to: until };
    if (end.kind === 'stopped' || end.listed === null || !covers(end.listed, wanted))
      return refuse({
        kind: 'venue_not_asked',
        cause: 'the list does not cover the time in which the venue may have paid the order',
      });
    const others = await ofEqual(fitting);
    const own = fitting.find((reference) => !others.has(reference));
    return own === undefined ? ok(undefined) : refuse({ kind: 'listed', venueReference: own });
  }

  private formOf(form: string): FormCapabilities {
    return formNamed(this.adapter.capabilities, form);
  }
}

function isOf(submission: DecidedSubmission, record: ListedWithdrawal): boolean {
  return isAsAsked(submission, record) && !carriesOther(submission, record);
}

function carriesOther(
  { clientReference }: DecidedSubmission,
  { clientReference: carried }: ListedWithdrawal,
): boolean {
  return carried !== null && carried !== clientReference;
}
