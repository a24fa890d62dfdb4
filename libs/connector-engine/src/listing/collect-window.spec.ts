import type { Listing, ListingWindow, UnreadableRow } from '@sluice/connector-rules';
import { collectWindow, type AskedClock } from './collect-window.js';

const STEADY = { jumps: 0, earliest: () => new Date(50), unknownBecause: () => null };
const WINDOW = { form: 'chain', from: new Date(0), to: new Date(100) };

/** A venue that answers these pages one after the other, and what it was asked. */
function givenPages(...pages: readonly Listing[]) {
  const asked: ListingWindow[] = [];
  return {
    asked,
    adapter: {
      list: (window: ListingWindow) =>
        Promise.resolve(pages[asked.push(window) - 1] ?? pages[0] ?? never()),
    },
  };
}

function never(): never {
  throw new Error('no page');
}

const page = (change: Partial<Extract<Listing, { kind: 'page' }>> = {}): Listing => ({
  kind: 'page',
  records: [],
  unreadable: [],
  last: false,
  covered: WINDOW,
  ...change,
});

describe('collectWindow', () => {
  it('hands each page the cursor of the one before, and the first none', async () => {
    const { adapter, asked } = givenPages(
      page({ next: 'a' }),
      page({ next: 'b' }),
      page({ last: true }),
    );

    const end = await collectWindow(adapter, STEADY, WINDOW, () => Promise.resolve(false));

    const listed = { from: new Date(0), to: new Date(50) };
    expect(end).toEqual({ kind: 'complete', covered: listed, listed });
    expect(asked.map((window) => ('cursor' in window ? window.cursor : 'none'))).toEqual([
      'none',
      'a',
      'b',
    ]);
  });

  it('covers no more than each page did, and nothing of a clock that jumped meanwhile or is not known', async () => {
    const narrow = page({ last: true, covered: { from: new Date(10), to: new Date(20) } });
    const walk = (clock: AskedClock) =>
      collectWindow(givenPages(page(), narrow).adapter, clock, WINDOW, () =>
        Promise.resolve(false),
      );
    let looks = 0;
    const jumping = {
      ...STEADY,
      get jumps() {
        return looks++;
      },
    };

    const listed = { from: new Date(10), to: new Date(20) };
    expect(await walk(STEADY)).toEqual({ kind: 'complete', covered: listed, listed });
    for (const clock of [
      jumping,
      { ...STEADY, unknownBecause: () => 'jumped' },
      { ...STEADY, earliest: () => null },
    ])
      expect(await walk(clock)).toEqual({ kind: 'complete', covered: null, listed: null });
  });

  it('proves no absence with an unreadable row in any page, and hands out every page nevertheless', async () => {
    const row: UnreadableRow = { field: 'timestamp', value: '"0"', draft: null };
    const pages = [page({ unreadable: [row] }), page({ last: true })];
    const { adapter, asked } = givenPages(...pages);
    const given: (readonly UnreadableRow[])[] = [];

    const end = await collectWindow(adapter, STEADY, WINDOW, async (_records, unreadable) => {
      given.push(unreadable);
      return false;
    });

    const listed = { from: new Date(0), to: new Date(50) };
    expect(end).toEqual({ kind: 'complete', covered: null, listed });
    expect(given).toEqual([[row], []]);
    expect(asked.map(({ offset }) => offset)).toEqual([0, 1]);
  });

  it('stops when the callback says so, and at a page that cannot be had', async () => {
    const gone: Listing = { kind: 'unavailable', retryAfterMs: 7, cause: 'x' };

    expect(
      await collectWindow(givenPages(page()).adapter, STEADY, WINDOW, () => Promise.resolve(true)),
    ).toEqual({ kind: 'stopped' });
    expect(
      await collectWindow(givenPages(page(), gone).adapter, STEADY, WINDOW, () =>
        Promise.resolve(false),
      ),
    ).toEqual(gone);
  });

  it('gives up on a window without end', async () => {
    expect(
      (
        await collectWindow(givenPages(page({ next: 'again' })).adapter, STEADY, WINDOW, () =>
          Promise.resolve(false),
        )
      ).kind,
    ).toBe('unavailable');
  });
});
