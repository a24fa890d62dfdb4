import type { ListedWithdrawal, ListingWindow, VenueAdapter } from '@sluice/connector-core';

export type CollectEnd = { kind: 'complete' } | { kind: 'stopped' } | { kind: 'unavailable'; retryAfterMs: number; cause: string };

/** More pages than this in one window is a fault of ours or theirs; the window is asked for again later. */
const MAX_PAGES = 200;

/**
 * Walks the pages of a window; `onPage` may stop the walk by answering true. A record that is added at the top while we walk
 * shifts the others to later pages: some are seen twice, none is missed.
 */
export async function collectWindow(
  adapter: Pick<VenueAdapter, 'list'>,
  window: Omit<ListingWindow, 'offset' | 'cursor'>,
  onPage: (records: readonly ListedWithdrawal[]) => Promise<boolean>,
): Promise<CollectEnd> {
  let offset = 0;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const listing = await adapter.list({ ...window, offset, ...(cursor !== undefined && { cursor }) });
    if (listing.kind === 'unavailable') return listing;
    if (await onPage(listing.records)) return { kind: 'stopped' };
    if (listing.last) return { kind: 'complete' };
    offset += listing.records.length;
    cursor = listing.next;
  }
  return { kind: 'unavailable', retryAfterMs: 60_000, cause: `more than ${MAX_PAGES} pages in one window` };
}
