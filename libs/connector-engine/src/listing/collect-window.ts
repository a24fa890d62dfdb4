import {
  intersection,
  type ListedWithdrawal,
  type ListingWindow,
  type VenueAdapter,
  type VenueSpan,
} from '@sluice/connector-rules';
import type { VenueClock } from '../clock/venue-clock.js';

export type CollectEnd =
  /** Every page was read. `covered`: what they prove, null when the clock of the venue was not to be trusted meanwhile. */
  | { kind: 'complete'; covered: VenueSpan | null }
  | { kind: 'stopped' }
  /** `isTooLong`: the window has more pages than one window may have. */
  | { kind: 'unavailable'; retryAfterMs: number; cause: string; isTooLong?: true };

/** More pages than this in one window is a fault of ours or theirs; the window is asked for again later. */
const MAX_PAGES = 200;

/**
 * Walks the pages of a window; `onPage` may stop the walk by answering true. A record that is added at the top while we walk
 * shifts the others to later pages: some are seen twice, none is missed.
 */
export async function collectWindow(
  adapter: Pick<VenueAdapter, 'list'>,
  clock: AskedClock,
  window: Omit<ListingWindow, 'offset' | 'cursor'>,
  onPage: (records: readonly ListedWithdrawal[]) => Promise<boolean>,
): Promise<CollectEnd> {
  const asked = askedNow(clock);
  let covered: VenueSpan | null = window;
  let offset = 0;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const listing = await adapter.list({
      ...window,
      offset,
      ...(cursor !== undefined && { cursor }),
    });
    if (listing.kind === 'unavailable') return listing;
    covered = covered && intersection(covered, listing.covered);
    if (await onPage(listing.records)) return { kind: 'stopped' };
    if (listing.last) return { kind: 'complete', covered: asked.provenBy(covered) };
    offset += listing.records.length;
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
