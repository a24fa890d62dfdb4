import { Injectable } from '@nestjs/common';
import {
  covers,
  type FormCapabilities,
  type ListedWithdrawal,
  matchingRecords,
  type VenueAdapter,
  type VenueSpan,
  type WantedRecord,
} from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import type { BackgroundLoop } from '@sluice/runtime';
import { VenueClock } from '../clock/venue-clock.js';
import { SubmissionLoops, type WaitingJob } from '../loops/submission-loops.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { askedNow, collectWindow, SearchedRecords, uniqueRecords } from './collect-window.js';

/** Up to this number, orders are looked up by our key; more are searched in the listing. */
const FEW = 4;
const MARGIN_MS = 600_000;
const TIME_AGAIN_MS = 1_000;

/** The venue may have received the request up to `until`: earlier silence proves no absence. */
interface Bounded {
  readonly until?: Date;
}

export interface FoundRecords<W> {
  readonly wanted: W;
  /** All records that were read, with those of other orders. */
  readonly listed: readonly ListedWithdrawal[];
  readonly records: readonly ListedWithdrawal[];
  readonly unclear: readonly ListedWithdrawal[];
  /** Venue time covered by the answer; null if silence about a payment proves nothing. */
  readonly covered: VenueSpan | null;
}

export interface NotSearched {
  readonly kind: 'unavailable';
  readonly retryAfterMs: number;
  readonly cause: string;
}

type Searched<W> = { kind: 'searched'; found: readonly FoundRecords<W>[] } | NotSearched;

type Records =
  | {
      kind: 'records';
      records: readonly ListedWithdrawal[];
      /** Covered time by order, in the order of the input. */
      covered: readonly (VenueSpan | null)[];
    }
  | NotSearched;

/** Silence about a time not covered by the answer proves no absence. */
const NOT_COVERED = {
  kind: 'unavailable',
  retryAfterMs: 2_000,
  cause: 'the answer does not cover the time of the orders',
} as const;

/** Searches the venue's records for orders, many by one listing, without claimed records. */
@Injectable()
export class RecordSearch {
  constructor(
    @InjectVenueAdapter() private readonly adapter: Pick<VenueAdapter, 'lookup' | 'list'>,
    private readonly clock: VenueClock,
    private readonly database: Database,
  ) {}

  async find<W extends WantedRecord>(
    form: FormCapabilities,
    wanted: readonly (W & Bounded)[],
  ): Promise<Searched<W>> {
    const to = this.clock.latest();
    if (to === null)
      return {
        kind: 'unavailable',
        retryAfterMs: TIME_AGAIN_MS,
        cause: 'the time of the venue is not known',
      };
    const answer = await this.records(form, wanted, to);
    if (answer.kind === 'unavailable') return answer;
    const records = uniqueRecords(answer.records);
    const taken = await this.taken(records);
    const free = records.filter((record) => !taken.has(record.venueReference));
    const foundOf = (one: W, index: number): FoundRecords<W> => {
      const { same, unclear } = matchingRecords(form, one, free);
      const covered = answer.covered[index] ?? null;
      return { wanted: one, listed: records, records: same, unclear, covered };
    };
    return { kind: 'searched', found: wanted.map(foundOf) };
  }

  /**
   * An answer by our key proves a payment. Silence needs the listing too: a record may lack our
   * key.
   */
  private async records(
    form: FormCapabilities,
    wanted: readonly (WantedRecord & Bounded)[],
    to: Date,
  ): Promise<Records> {
    const bySearch = form.recovery === 'search' && wanted.length <= FEW;
    const asked = bySearch ? await this.askEach(form, wanted, to) : null;
    if (asked?.kind === 'unavailable' || asked?.covered.every((span) => span === null))
      return asked;
    const listed = await this.searchListing(form, wanted, to);
    if (asked === null || listed.kind === 'unavailable') return listed;
    return {
      kind: 'records',
      records: [...asked.records, ...listed.records],
      covered: asked.covered.map((span, index) => span && (listed.covered[index] ?? null)),
    };
  }

  private async askEach(
    form: FormCapabilities,
    wanted: readonly (WantedRecord & Bounded)[],
    to: Date,
  ): Promise<Records> {
    const records: ListedWithdrawal[] = [];
    const covered: (VenueSpan | null)[] = [];
    for (const { clientReference, since, until = since } of wanted) {
      const asked = askedNow(this.clock);
      const outcome = await this.adapter.lookup({
        form: form.form,
        clientReference,
        from: new Date(since.getTime() - MARGIN_MS),
        to,
      });
      if (outcome.kind === 'unavailable') return outcome;
      if (outcome.kind === 'found') {
        records.push(...outcome.records);
        covered.push(null);
        continue;
      }
      const span = asked.provenBy(outcome.covered);
      if (!isCovered(span, since, until)) return NOT_COVERED;
      covered.push(span);
    }
    return { kind: 'records', records, covered };
  }

  private async searchListing(
    form: FormCapabilities,
    wanted: readonly (WantedRecord & Bounded)[],
    to: Date,
  ): Promise<Records> {
    const last = Math.max(...wanted.map(({ since, until = since }) => until.getTime()));
    const first = Math.min(...wanted.map(({ since }) => since.getTime()));
    const destinations = [...new Set(wanted.map(({ destination }) => destination))];
    const window = { form: form.form, from: new Date(first - MARGIN_MS), to, destinations };
    const searched = new SearchedRecords(to);
    const end = await collectWindow(this.adapter, this.clock, window, searched.onPage);
    if (end.kind === 'unavailable') return end;
    if (end.kind === 'stopped' || !isCovered(end.listed, new Date(first), new Date(last)))
      return NOT_COVERED;
    const covered = searched.covered(end);
    return { kind: 'records', records: searched.records, covered: wanted.map(() => covered) };
  }

  /** Checks all forms, because forms of the same venue may share a listing. */
  private async taken(records: readonly ListedWithdrawal[]): Promise<Set<string>> {
    if (records.length === 0) return new Set();
    const references = records.map(({ venueReference }) => venueReference);
    const rows = await this.database.query<{ venue_reference: string }>(
      'SELECT venue_reference FROM submission WHERE venue_reference = ANY ($1)',
      [references],
    );
    return new Set(rows.map((row) => row.venue_reference));
  }
}

function isCovered(covered: VenueSpan | null, from: Date, to: Date): boolean {
  return covered !== null && covers(covered, { from, to });
}

const REST_MS = 200;
const IDLE_MS = 1_000;

interface WaitingForRecords<W extends WantedRecord> {
  due(form: FormCapabilities): Promise<readonly W[]>;
  postpone(form: FormCapabilities, due: readonly W[], cause: NotSearched): Promise<void>;
  apply(form: FormCapabilities, found: readonly FoundRecords<W>[]): Promise<void>;
}

@Injectable()
export class RecordLookups {
  constructor(
    @InjectVenueAdapter() private readonly adapter: Pick<VenueAdapter, 'capabilities'>,
    private readonly search: RecordSearch,
    private readonly loops: SubmissionLoops,
  ) {}

  loop<W extends WantedRecord>(
    job: Omit<WaitingJob, 'idleMs'>,
    waiting: WaitingForRecords<W>,
  ): BackgroundLoop {
    return this.loops.whileDue({ ...job, idleMs: IDLE_MS }, async (lease) => {
      let restMs = IDLE_MS;
      for (const form of this.adapter.capabilities.forms) {
        const due = await waiting.due(form);
        if (due.length === 0) continue;
        restMs = REST_MS;
        if (!(await lease.held())) continue;
        const searched = await this.search.find(form, due);
        if (searched.kind === 'unavailable') await waiting.postpone(form, due, searched);
        else await waiting.apply(form, searched.found);
      }
      return restMs;
    });
  }
}
