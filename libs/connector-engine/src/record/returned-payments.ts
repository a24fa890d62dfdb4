import { Injectable } from '@nestjs/common';
import type {
  FormCapabilities,
  ListedWithdrawal,
  ReturnBound,
  VenueSpan,
} from '@sluice/connector-rules';
import { destinationKey, destinationOf, type WireDestination } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import type { BackgroundLoop } from '@sluice/runtime';
import { InjectConfig } from '@sluice/service-shell';
import { VenueListing } from '../listing/collect-window.js';
import { SubmissionLoops } from '../loops/submission-loops.js';
import { OpenSubmissions } from '../status/open-submissions.js';
import { DUE_RETURNS, READ_LATER, STILL_PAID } from '../status/apply-returns.js';

interface SettledRow {
  readonly withdrawal_id: string;
  readonly destination: WireDestination;
  readonly venue_time: Date;
  readonly last_venue_time: Date;
}

interface Due extends SentAt {
  readonly withdrawalId: string;
  readonly destination: string;
}

const AT_ONCE = 5_000;

/** Reads settled payments again while the money may come back: rarely, many by one listing. */
@Injectable()
export class ReturnedPayments {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly listing: VenueListing,
    private readonly database: Database,
    private readonly open: OpenSubmissions,
    loops: SubmissionLoops,
    @InjectConfig()
    private readonly options: {
      readonly recordIntervalMs: number;
      readonly returnIntervalMs: number;
    },
  ) {
    this.loop = loops.leased(
      { name: 'reading settled payments again', lease: 'returns' },
      async (lease) => {
        if (await lease.held()) await this.readDue();
        return options.recordIntervalMs;
      },
    );
  }

  /** Throws if the venue does not answer: the loop logs the cause and reads again. */
  private async readDue(): Promise<void> {
    for (const form of this.listing.venue.capabilities.forms) {
      if (form.returnable === undefined) continue;
      const due = await this.due(form.form);
      if (due.length > 0) await this.readForm(form, form.returnable, due);
    }
  }

  private async due(form: string): Promise<readonly Due[]> {
    const rows = await this.database.query<SettledRow>(DUE_RETURNS, [form, AT_ONCE]);
    return rows.map((row) => ({
      withdrawalId: row.withdrawal_id,
      destination: destinationKey(destinationOf(row.destination)),
      firstSentAt: row.venue_time,
      lastSentAt: row.last_venue_time,
    }));
  }

  private async readForm(
    form: FormCapabilities,
    { forMs }: ReturnBound,
    due: readonly Due[],
  ): Promise<void> {
    const now = this.listing.clock.latest();
    if (now === null) return;
    for (const { from, to, members } of returnWindows(form, due, now)) {
      const destinations = [...new Set(members.map(({ destination }) => destination))];
      const end = await this.listing.collect(
        { form: form.recordsWith ?? form.form, from, to, destinations },
        (records) => this.compare(form.form, records),
      );
      if (end.kind === 'unavailable')
        throw new Error(`the records of settled payments are not available: ${end.cause}`);
      await this.database.query(READ_LATER, [
        members.map(({ withdrawalId }) => withdrawalId),
        this.options.returnIntervalMs,
        forMs,
      ]);
    }
  }

  private async compare(form: string, records: readonly ListedWithdrawal[]): Promise<boolean> {
    const paid = records.filter(({ status }) => status.kind === 'settled');
    await this.database.query(STILL_PAID, [form, paid.map((record) => record.venueReference)]);
    await this.open.compare(form, records);
    return false;
  }
}

interface SentAt {
  readonly firstSentAt: Date;
  readonly lastSentAt: Date;
}

interface ReturnWindow<M> extends VenueSpan {
  readonly members: readonly M[];
}

const DAY_MS = 86_400_000;
const MARGIN_MS = 60_000;

/**
 * Groups settled payments into listing windows: one for a venue listing by recipient, else a day
 * each.
 */
export function returnWindows<M extends SentAt>(
  form: Pick<FormCapabilities, 'listedPerRecipient' | 'honoured' | 'absence'>,
  settled: readonly M[],
  now: Date,
): ReturnWindow<M>[] {
  const groups = Object.values(
    Object.groupBy(settled, ({ firstSentAt }) =>
      form.listedPerRecipient === true ? 'all' : String(Math.floor(firstSentAt.getTime() / DAY_MS)),
    ),
  );
  return groups.flatMap((members = []) => {
    const first = Math.min(...members.map(({ firstSentAt }) => firstSentAt.getTime()));
    const last = Math.max(...members.map(({ lastSentAt }) => lastSentAt.getTime()));
    const end = last + (form.honoured?.forMs ?? form.absence.afterMs) + MARGIN_MS;
    return [
      { from: new Date(first - MARGIN_MS), to: new Date(Math.min(end, now.getTime())), members },
    ];
  });
}
