import { Injectable } from '@nestjs/common';
import {
  intersection,
  type ListedWithdrawal,
  type ListingWindow,
  type UnreadableRow,
  type VenueAdapter,
  type VenueSpan,
} from '@sluice/connector-rules';
import { VenueClock } from '../clock/venue-clock.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';

type CollectEnd =
  /**
   * Every page was read. `listed`: span of all rows; null without a trusted clock. `covered`: span
   * in which a missing record proves absence; null while a row is unreadable.
   */
  | { kind: 'complete'; covered: VenueSpan | null; listed: VenueSpan | null }
  | { kind: 'stopped' }
  /** `isTooLong`: the window has more pages than one window may have. */
  | { kind: 'unavailable'; retryAfterMs: number; cause: string; isTooLong?: true };

/** More pages than this in one window is a fault of ours or theirs; the window is asked for again later. */
const MAX_PAGES = 200;

type OnPage = (
  records: readonly ListedWithdrawal[],
  unreadable: readonly UnreadableRow[],
) => Promise<boolean>;

/** Walks the pages of a window; `onPage` returning true stops. Added records are never missed. */
export async function collectWindow(
  adapter: Pick<VenueAdapter, 'list'>,
  clock: AskedClock,
  window: Omit<ListingWindow, 'offset' | 'cursor'>,
  onPage: OnPage,
): Promise<CollectEnd> {
  const asked = askedNow(clock);
  let queried: VenueSpan | null = window;
  let isReadable = true;
  let offset = 0;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const listing = await adapter.list({
      ...window,
      offset,
      ...(cursor !== undefined && { cursor }),
    });
    if (listing.kind === 'unavailable') return listing;
    queried = queried && intersection(queried, listing.covered);
    const { records, unreadable = [] } = listing;
    isReadable &&= unreadable.length === 0;
    if (await onPage(records, unreadable)) return { kind: 'stopped' };
    if (listing.last) {
      const listed = asked.provenBy(queried);
      return { kind: 'complete', covered: isReadable ? listed : null, listed };
    }
    offset += records.length + unreadable.length;
    cursor = listing.next;
  }
  return {
    kind: 'unavailable',
    retryAfterMs: 60_000,
    cause: `more than ${MAX_PAGES} pages in one window`,
    isTooLong: true,
  };
}

export type AskedClock = Pick<VenueClock, 'earliest' | 'jumps' | 'unknownBecause'>;

/** Begins a query. The covered period ends at the earliest venue time before the query left. */
export function askedNow(clock: AskedClock): {
  provenBy(covered: VenueSpan | null): VenueSpan | null;
} {
  const [askedAt, { jumps }] = [clock.earliest(), clock];
  return {
    provenBy: (covered) => {
      if (
        covered === null ||
        askedAt === null ||
        clock.jumps !== jumps ||
        clock.unknownBecause() !== null
      )
        return null;
      return intersection(covered, { from: covered.from, to: askedAt });
    },
  };
}

/** Removes repetitions of a record. A row without id may be another payment each time. */
export function uniqueRecords(records: readonly ListedWithdrawal[]): ListedWithdrawal[] {
  const unnamed = records.filter(({ venueReference }) => venueReference === '');
  const named = records.filter(({ venueReference }) => venueReference !== '');
  return [...new Map(named.map((record) => [record.venueReference, record])).values(), ...unnamed];
}

/**
 * Records of a window. An unreadable row takes part by its readable fields: only orders possibly
 * paid by the row wait. Without any readable field no span is covered.
 */
export class SearchedRecords {
  readonly records: ListedWithdrawal[] = [];
  private isWhole = true;

  /** `now`: the venue's time, in place of a time that cannot be read. */
  constructor(private readonly now: Date) {}

  readonly onPage: OnPage = (records, unreadable) => {
    this.records.push(...records, ...unreadable.flatMap((row) => this.draftOf(row)));
    return Promise.resolve(false);
  };

  covered({ listed }: Extract<CollectEnd, { kind: 'complete' }>): VenueSpan | null {
    return this.isWhole ? listed : null;
  }

  private draftOf({ draft }: UnreadableRow): ListedWithdrawal[] {
    this.isWhole &&= draft !== null;
    return draft === null
      ? []
      : [{ ...draft, createdAt: draft.createdAt ?? this.now, isDraft: true }];
  }
}

type KeepUnreadable = (form: string, rows: readonly UnreadableRow[]) => Promise<void>;

@Injectable()
export class VenueListing {
  private keep: KeepUnreadable = () => Promise.resolve();

  constructor(
    @InjectVenueAdapter()
    readonly venue: Pick<VenueAdapter, 'capabilities' | 'list' | 'lookup' | 'unread'>,
    readonly clock: VenueClock,
  ) {}

  /** Registers the receiver of the rows put aside, which are handed over before their page. */
  onUnreadable(keep: KeepUnreadable): void {
    this.keep = keep;
  }

  collect(window: Omit<ListingWindow, 'offset' | 'cursor'>, onPage: OnPage): Promise<CollectEnd> {
    return collectWindow(this.venue, this.clock, window, async (records, unreadable) => {
      if (unreadable.length > 0) await this.keep(window.form, unreadable);
      return onPage(records, unreadable);
    });
  }
}
