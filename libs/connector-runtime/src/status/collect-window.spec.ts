import type { Listing, ListingWindow } from '@sluice/connector-core';
import { collectWindow } from './collect-window.js';

const WINDOW = { form: 'chain', from: new Date(0), to: new Date(1) };

/** A venue that answers these pages one after the other, and what it was asked. */
function givenPages(...pages: readonly Listing[]) {
  const asked: ListingWindow[] = [];
  return { asked, adapter: { list: (window: ListingWindow) => Promise.resolve(pages[asked.push(window) - 1] ?? pages[0] ?? never()) } };
}

function never(): never {
  throw new Error('no page');
}

const page = (change: Partial<Extract<Listing, { kind: 'page' }>> = {}): Listing => ({ kind: 'page', records: [], last: false, ...change });

describe('collectWindow', () => {
  it('hands each page the cursor of the one before, and the first none', async () => {
    const { adapter, asked } = givenPages(page({ next: 'a' }), page({ next: 'b' }), page({ last: true }));

    const end = await collectWindow(adapter, WINDOW, () => Promise.resolve(false));

    expect(end).toEqual({ kind: 'complete' });
    expect(asked.map((window) => ('cursor' in window ? window.cursor : 'none'))).toEqual(['none', 'a', 'b']);
  });

  it('stops when told, and at a page that cannot be had', async () => {
    const gone: Listing = { kind: 'unavailable', retryAfterMs: 7, cause: 'x' };

    expect(await collectWindow(givenPages(page()).adapter, WINDOW, () => Promise.resolve(true))).toEqual({ kind: 'stopped' });
    expect(await collectWindow(givenPages(page(), gone).adapter, WINDOW, () => Promise.resolve(false))).toEqual(gone);
  });

  it('gives up on a window without end', async () => {
    expect((await collectWindow(givenPages(page({ next: 'again' })).adapter, WINDOW, () => Promise.resolve(false))).kind).toBe('unavailable');
  });
});
