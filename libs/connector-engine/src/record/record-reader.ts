import { Inject, Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger, monotonicMs } from '@sluice/runtime';
import { type FormCapabilities, type VenueAdapter, watchForMs } from '@sluice/connector-rules';
import { destinationKey, destinationOf, type WireDestination } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import { VenueClock } from '../clock/venue-clock.js';
import { collectWindow } from '../listing/collect-window.js';
import { OpenSubmissions } from '../status/open-submissions.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import { WorkerLeases, type WorkerLease } from '../loops/worker-lease.js';
import { ADVANCE, CURSOR, RECENT_DESTINATIONS } from './record-sql.js';
import { MissingPayments } from './missing-payments.js';
import { RecordWatch } from './record-watch.js';
import { UnclaimedReport } from './unclaimed-report.js';

interface Cursor {
  baseline: Date;
  read_through: Date;
  deep_is_due: boolean;
}

/**
 * Overlap of consecutive readings. A record listed with a longer delay is found by the deep
 * reading.
 */
const OVERLAP_MS = 120_000;
/** Interval of the deep reading over the whole watch time of ended payments. */
const DEEP_EVERY_MS = 6 * 3_600_000;
const LONGEST_WINDOW_MS = 86_400_000;
const RECENT_MS = 600_000;
const AGAIN_MS = 2_000;
/** A reading that began before every question answers none. */
const NO_ANSWER = -Infinity;
/** Venues cut their times to whole seconds: a record made during the very first reading must not look older than it. */
const TO_THE_SECOND_MS = 1_000;

/** `nobody_to_ask_for`: the venue lists records by recipient, and no order has a recipient. */
type ReadRecords =
  | { kind: 'through' }
  | { kind: 'nobody_to_ask_for' }
  | { kind: 'unavailable'; retryAfterMs: number; cause: string };

/**
 * Reads the venue's records from the end of the last reading, at start and regularly, and compares
 * them with the submissions. Each process completes a reading before the first send, because the
 * database may have been restored to an earlier moment.
 */
@Injectable()
export class RecordReader {
  readonly loop: BackgroundLoop;
  private readonly lease: WorkerLease;
  private readonly watchForMs: number;
  /**
   * Number of requested readings: the reading at start, and a reading after each discontinuity of
   * the database.
   */
  private wanted = 1;
  /** Number of the last completed reading. */
  private read = 0;
  private readonly afterwards: (() => void)[];
  private cause = 'it is being read';

  constructor(
    @InjectVenueAdapter()
    private readonly adapter: Pick<VenueAdapter, 'capabilities' | 'list' | 'unread'>,
    private readonly clock: VenueClock,
    private readonly database: Database,
    private readonly open: OpenSubmissions,
    private readonly watch: RecordWatch,
    private readonly missing: MissingPayments,
    private readonly unclaimed: UnclaimedReport,
    leases: WorkerLeases,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly options: { readonly recordIntervalMs: number },
    @Inject(SubmissionWorkers) workers: Pick<SubmissionWorkers, 'start'>,
  ) {
    this.lease = leases.named('record');
    this.afterwards = [() => workers.start()];
    this.watchForMs = watchForMs(adapter.capabilities);
    this.loop = new BackgroundLoop('reading the record', logger, () => this.step());
    unclaimed.onQuestion(() => this.loop.wake());
  }

  /**
   * True if this process has read the records since the start and since the last discontinuity of
   * the database. No payment is sent before.
   */
  get isThrough(): boolean {
    return this.read === this.wanted;
  }

  /**
   * Called when the database has gone back: the records are read as at start, before any further
   * send.
   */
  readAgain(afterwards: () => void): void {
    this.wanted += 1;
    this.cause = 'the database went back, and it is being read again';
    this.afterwards.push(afterwards);
    this.loop.wake();
  }

  /** Reason for not sending before the first reading; null once the reading is complete. */
  fault(): string | null {
    return this.isThrough ? null : `the record of the venue is not read through yet: ${this.cause}`;
  }

  private async step(): Promise<number> {
    const { wanted } = this;
    const begunAt = monotonicMs();
    const isAsked = this.unclaimed.dueInMs() === 0;
    const unread = (await this.adapter.unread?.()) ?? null;
    if (this.isThrough && !isAsked && !(await this.lease.held())) return this.restMs();
    for (const form of this.adapter.capabilities.forms) {
      // records of this form are in the listing of the named form
      if (form.recordsWith !== undefined) continue;
      const read = await this.readForm(form);
      if (read.kind === 'through') continue;
      if (read.kind === 'nobody_to_ask_for') {
        this.cause = 'it is listed by recipient, and no order has named one';
        return this.isThrough ? this.restMs() : AGAIN_MS;
      }
      this.cause = read.cause;
      this.logger.warn(
        { form: form.form, cause: read.cause, nothingIsSent: !this.isThrough },
        'the record of the venue could not be read',
      );
      return Math.max(AGAIN_MS, read.retryAfterMs);
    }
    await this.watch.report();
    await this.unclaimed.report(unread === null ? begunAt : NO_ANSWER);
    this.end(wanted);
    if (isAsked && unread !== null) {
      this.logger.warn({ cause: unread }, 'the record that intake-api waits for could not be read');
      return AGAIN_MS;
    }
    return this.isThrough ? this.restMs() : 0;
  }

  /**
   * Milliseconds until the next regular reading, or until the answer to a question of intake-api is
   * due.
   */
  private restMs(): number {
    return Math.max(Math.min(this.options.recordIntervalMs, this.unclaimed.dueInMs()), 1);
  }

  /** Ignores a reading begun before the last discontinuity of the database. */
  private end(reading: number): void {
    if (this.isThrough || reading !== this.wanted) return;
    this.read = reading;
    this.logger.info(
      {},
      'the record of the venue was read to its end: orders are sent from now on',
    );
    for (const act of this.afterwards.splice(0)) act();
  }

  private async readForm(form: FormCapabilities): Promise<ReadRecords> {
    const [askedAt, now] = [this.clock.earliest(), this.clock.latest()];
    if (askedAt === null || now === null)
      return {
        kind: 'unavailable',
        retryAfterMs: AGAIN_MS,
        cause: 'the time of the venue is not known yet',
      };
    const [cursor] = await this.database.query<Cursor>(CURSOR, [form.form, DEEP_EVERY_MS]);
    const deep = cursor?.deep_is_due ?? true;
    const watched = now.getTime() - this.watchForMs;
    const known = cursor ? cursor.read_through.getTime() - OVERLAP_MS : watched;
    const destinations =
      form.listedPerRecipient === true
        ? await this.recipients(form, deep || !this.isThrough)
        : undefined;
    if (destinations?.length === 0) return { kind: 'nobody_to_ask_for' };
    for (
      let from = deep ? Math.min(known, watched) : known;
      from < now.getTime();
      from += LONGEST_WINDOW_MS - OVERLAP_MS
    ) {
      const to = new Date(Math.min(now.getTime(), from + LONGEST_WINDOW_MS));
      const end = await this.readWindow(form, new Date(from), to, destinations);
      if (end.kind !== 'through') return end;
      const isLast = to.getTime() === now.getTime();
      await this.database.query(ADVANCE, [
        form.form,
        cursor?.baseline ?? new Date(askedAt.getTime() - TO_THE_SECOND_MS),
        to,
        deep && isLast,
      ]);
      if (isLast) break;
    }
    return { kind: 'through' };
  }

  private async readWindow(
    form: FormCapabilities,
    from: Date,
    to: Date,
    destinations: readonly string[] | undefined,
  ): Promise<ReadRecords> {
    const window = {
      form: form.form,
      from,
      to,
      ...(destinations !== undefined && { destinations }),
    };
    const references = new Set<string>();
    const end = await collectWindow(this.adapter, this.clock, window, async (records) => {
      for (const { venueReference } of records) references.add(venueReference);
      for (const opened of await this.open.compare(form.form, records))
        this.logger.error({ ...opened }, 'a case was opened: an operator must check it');
      await this.watch.examine(records);
      return false;
    });
    if (end.kind === 'unavailable') return end;
    // A reading with an untrusted clock, or a reading cut short by the venue, is not complete.
    if (end.kind === 'complete' && end.covered !== null && end.covered.from <= from) {
      const listed = this.adapter.capabilities.forms.filter(
        ({ form: name, recordsWith }) => name === form.form || recordsWith === form.form,
      );
      const forms = listed.map(({ form: name }) => name);
      await this.missing.find({ ...window, to: end.covered.to, forms, references });
      return { kind: 'through' };
    }
    return {
      kind: 'unavailable',
      retryAfterMs: AGAIN_MS,
      cause: 'the answer does not cover the requested period',
    };
  }

  private async recipients(form: FormCapabilities, all: boolean): Promise<string[]> {
    const withinMs = all ? this.watchForMs : RECENT_MS;
    const rows = await this.database.query<{ destination: WireDestination }>(RECENT_DESTINATIONS, [
      form.form,
      withinMs,
    ]);
    return rows.map((row) => destinationKey(destinationOf(row.destination)));
  }
}
