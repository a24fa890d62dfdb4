import {
  intersection,
  type ListedWithdrawal,
  type ListingWindow,
  type UnreadableRow,
  type VenueAdapter,
  type VenueSpan,
} from '@sluice/connector-rules';
import type { VenueClock } from '../clock/venue-clock.js';

export type CollectEnd =
  /**
   * Every page was read. `listed`: span with every row of the venue; null when the venue's clock was
   * not to be trusted meanwhile. `covered`: span in which a missing record proves absence; null also
   * while an unreadable row is in the window, because any payment may be this row.
   */
  | { kind: 'complete'; covered: VenueSpan | null; listed: VenueSpan | null }
  | { kind: 'stopped' }
  /** `isTooLong`: the window has more pages than one window may have. */
  | { kind: 'unavailable'; retryAfterMs: number; cause: string; isTooLong?: true };

/** More pages than this in one window is a fault of ours or theirs; the window is asked for again later. */
const MAX_PAGES = 200;

/** Takes a page's records and the rows put aside; returns true to stop the walk. */
export type OnPage = (
  records: readonly ListedWithdrawal[],
  unreadable: readonly UnreadableRow[],
) => Promise<boolean>;

/**
 * Walks the pages of a window; `onPage` may stop the walk by answering true. A record that is added at the top while we walk
 * shifts the others to later pages: some are seen twice, none is missed.
 */
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

/**
 * Begins a query to the venue. The period covered by the answer ends at the earliest venue time
 * before the query left: a record made while the venue wrote the answer may be missing.
 */
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
