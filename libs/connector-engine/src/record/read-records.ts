import { Injectable } from '@nestjs/common';
import { type FormCapabilities, type VenueSpan, watchForMs } from '@sluice/connector-rules';
import { destinationKey, destinationOf, type WireDestination } from '@sluice/kernel';
import { Database, UnitOfWork } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { openBreaks } from '../breaks/open-breaks.js';
import { VenueListing } from '../listing/collect-window.js';
import { OpenSubmissions } from '../status/open-submissions.js';
import { ADVANCE, CURSOR, RECENT_DESTINATIONS } from './record-sql.js';
import { RecordWatch } from './record-watch.js';

interface Settled {
  withdrawal_id: string;
  venue_reference: string;
  destination: WireDestination;
}

interface ReadSpan extends VenueSpan {
  readonly forms: readonly string[];
  readonly references: ReadonlySet<string>;
  /** Recipients covered by the reading, if the venue lists records per recipient. */
  readonly destinations?: readonly string[];
}

/** Finds settled submissions absent from the venue's records. */
@Injectable()
export class MissingPayments {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
  ) {}

  async find({ forms, from, to, references, destinations }: ReadSpan): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const settled = await tx.query<Settled>(SETTLED, [forms, from, to]);
      const missing = settled.filter(
        ({ venue_reference: reference, destination }) =>
          !references.has(reference) &&
          (destinations === undefined ||
            destinations.includes(destinationKey(destinationOf(destination)))),
      );
      await openBreaks(
        tx,
        this.logger,
        missing.map(({ withdrawal_id: withdrawalId, venue_reference: reference }) => ({
          kind: 'missing',
          subject: `${withdrawalId} ${reference}`,
          withdrawalId,
          details: `it is settled here as ${reference}, and the record of the venue does not show that`,
        })),
      );
    });
  }
}

// Selects by request time, with margins for both clocks and the time in which the venue may act.
const SETTLED = `
  SELECT s.withdrawal_id, s.venue_reference, s.destination
    FROM attempt a JOIN submission s USING (withdrawal_id)
   WHERE a.intended_at BETWEEN $2::timestamptz - interval '1 minute' AND $3::timestamptz + interval '1 minute'
     AND s.form = ANY ($1) AND s.state = 'settled' AND s.finished_at < clock_timestamp() - interval '1 second'
     AND s.venue_time > $2::timestamptz + interval '2 seconds' AND s.last_venue_time < $3::timestamptz - interval '2 minutes'
   GROUP BY s.withdrawal_id`;

interface Cursor {
  baseline: Date;
  read_through: Date;
  deep_is_due: boolean;
}

/** Overlap of consecutive readings. A later listing is found by the deep reading. */
const OVERLAP_MS = 120_000;
/** Interval of the deep reading over the whole watch time of ended payments. */
const DEEP_EVERY_MS = 6 * 3_600_000;
const LONGEST_WINDOW_MS = 86_400_000;
const RECENT_MS = 600_000;
const AGAIN_MS = 2_000;
/** Venues cut their times to whole seconds: a record made during the very first reading must not look older than it. */
const TO_THE_SECOND_MS = 1_000;

interface Unavailable {
  readonly kind: 'unavailable';
  readonly retryAfterMs: number;
  readonly cause: string;
}

interface ReadWindow extends VenueSpan {
  readonly form: string;
  readonly destinations?: readonly string[];
}

/** `no_recipient`: the venue lists records by recipient, and no order has a recipient. */
type ReadForm = { kind: 'through' } | { kind: 'no_recipient' } | Unavailable;

/** Reads the venue's records from the end of the last reading, and compares them with the submissions. */
@Injectable()
export class ReadRecords {
  private readonly watchForMs: number;

  constructor(
    private readonly listing: VenueListing,
    private readonly database: Database,
    private readonly open: OpenSubmissions,
    private readonly watch: RecordWatch,
    private readonly missing: MissingPayments,
  ) {
    this.watchForMs = watchForMs(listing.venue.capabilities);
  }

  /** Returns the reason why the listed records may be incomplete; null if they are complete. */
  async unread(): Promise<string | null> {
    return (await this.listing.venue.unread?.()) ?? null;
  }

  /** `isFirst`: no reading of this process is complete. `onPage` is called after each compared page. */
  async read(
    isFirst: () => boolean,
    onPage: () => void,
  ): Promise<Exclude<ReadForm, Unavailable> | (Unavailable & { readonly form: string })> {
    for (const form of this.listing.venue.capabilities.forms) {
      // records of this form are in the listing of the named form
      if (form.recordsWith !== undefined) continue;
      const read = await this.readForm(form, isFirst, onPage);
      if (read.kind === 'unavailable') return { form: form.form, ...read };
      if (read.kind !== 'through') return read;
    }
    await this.watch.report();
    return { kind: 'through' };
  }

  private async readForm(
    form: FormCapabilities,
    isFirst: () => boolean,
    onPage: () => void,
  ): Promise<ReadForm> {
    const [askedAt, now] = [this.listing.clock.earliest(), this.listing.clock.latest()];
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
      form.listedPerRecipient === true ? await this.recipients(form, deep || isFirst()) : undefined;
    if (destinations?.length === 0) return { kind: 'no_recipient' };
    for (
      let from = deep ? Math.min(known, watched) : known;
      from < now.getTime();
      from += LONGEST_WINDOW_MS - OVERLAP_MS
    ) {
      const to = new Date(Math.min(now.getTime(), from + LONGEST_WINDOW_MS));
      const window = {
        form: form.form,
        from: new Date(from),
        to,
        ...(destinations !== undefined && { destinations }),
      };
      const end = await this.readWindow(window, onPage);
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

  private async readWindow(window: ReadWindow, onPage: () => void): Promise<ReadForm> {
    const references = new Set<string>();
    let areNamed = true;
    const end = await this.listing.collect(window, async (records, unreadable) => {
      for (const { venueReference } of records) references.add(venueReference);
      for (const { draft } of unreadable) {
        references.add(draft?.venueReference ?? '');
        areNamed &&= (draft?.venueReference ?? '') !== '';
      }
      await this.open.compare(window.form, records);
      await this.watch.examine(records);
      onPage();
      return false;
    });
    if (end.kind === 'unavailable') return end;
    // A reading without a trusted clock, or cut short by the venue, is not complete. Unreadable
    // rows are stored.
    if (end.kind === 'complete' && end.listed !== null && end.listed.from <= window.from) {
      const listed = this.listing.venue.capabilities.forms.filter(
        ({ form: name, recordsWith }) => name === window.form || recordsWith === window.form,
      );
      const forms = listed.map(({ form: name }) => name);
      // a row without id may be any of the missing payments
      if (areNamed) await this.missing.find({ ...window, to: end.listed.to, forms, references });
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
