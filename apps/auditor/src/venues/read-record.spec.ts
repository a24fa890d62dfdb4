import { VenueClock } from '@sluice/connector-engine';
import type { ListedWithdrawal, ListingWindow, UnreadableRow } from '@sluice/connector-rules';
import { API_VENUES } from '@sluice/messages';
import type { CoveredVenue } from './venue-table.js';
import { halvesOf, readingWindows, readRecord } from './read-record.js';
import type { PaymentRow } from './store-reading.js';

const [, VENUE] = API_VENUES;
const HOUR_MS = 3_600_000;
const END = Date.UTC(2026, 10, 26);
const SILENT = { warn: () => undefined } as never;

/** A venue with one payment a second, and pages of ten. */
function busyVenue(): CoveredVenue {
  const record = (atMs: number): ListedWithdrawal => ({
    form: 'chain',
    venueReference: String(atMs),
    clientReference: null,
    currency: 'USDT',
    network: 'ETH',
    destination: null,
    gross: null,
    net: null,
    venueFee: null,
    createdAt: new Date(atMs),
    txHash: null,
    status: { kind: 'settled' },
    venueStatus: 'DONE',
  });
  return {
    venue: VENUE,
    clock: new VenueClock(VENUE, SILENT),
    record: {
      readClock: () => Promise.resolve(true),
      adapter: {
        capabilities: {
          venue: VENUE,
          forms: [{ form: 'chain', destination: 'address' }],
        } as never,
        list: ({ from, to, offset }) => {
          const begin = from.getTime() + offset * 1_000;
          const times = Array.from({ length: 10 }, (_, at) => begin + at * 1_000);
          const records = times.filter((at) => at <= to.getTime()).map(record);
          const last = records.length < 10;
          return Promise.resolve({ kind: 'page', records, last, covered: { from, to } });
        },
      },
    },
    close: () => Promise.resolve(),
  };
}

describe('a window with too many pages', () => {
  it('is read in halves', async () => {
    const seen = new Set<string>();
    const store = (rows: readonly PaymentRow[]): Promise<void> => {
      for (const row of rows) seen.add(row.venue_reference);
      return Promise.resolve();
    };
    const window = { from: new Date(END - 2 * HOUR_MS), to: new Date(END) };

    const { listed, fault } = await readRecord(busyVenue(), [window], new Date(END), store);

    expect(fault).toBeNull();
    expect(listed).toBeGreaterThanOrEqual(7_201);
    expect(seen.size).toBe(7_201);
  });
});

describe('rows that cannot be read', () => {
  it('are reported, and a row without time is stored as a payment of the reading', async () => {
    const venue = busyVenue();
    const { list } = venue.record.adapter;
    const draft = {
      form: 'chain',
      venueReference: 'v1',
      clientReference: null,
      currency: 'USDT',
      network: 'ETH',
      destination: null,
      gross: null,
      net: null,
      venueFee: null,
      createdAt: null,
      txHash: null,
      status: { kind: 'settled' },
      venueStatus: 'DONE',
    } as const;
    const unreadable = [
      { field: 'timestamp', value: '"0"', draft },
      { field: 'id', value: 'null', draft: { ...draft, venueReference: '' } },
      { field: 'row', value: 'null', draft: null },
    ];
    const adapter = {
      ...venue.record.adapter,
      list: async (window: ListingWindow) => ({ ...(await list(window)), unreadable }),
    };
    const stored: PaymentRow[] = [];
    const store = (rows: readonly PaymentRow[]): Promise<void> => {
      stored.push(...rows);
      return Promise.resolve();
    };
    const reported: UnreadableRow[] = [];
    const [from, to] = [new Date(END - 5_000), new Date(END)];

    const { fault } = await readRecord(
      { ...venue, record: { ...venue.record, adapter } },
      [{ from, to }],
      to,
      store,
      (row) => void reported.push(row),
    );

    expect(fault).toBeNull();
    expect(reported).toEqual(unreadable);
    expect(stored).toHaveLength(7);
    expect(stored.at(-1)).toMatchObject({ venue_reference: 'v1', created_at: to });
  });
});

const NOW = new Date('2026-11-26T12:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const minutesOf = (spans: ReturnType<typeof readingWindows>) =>
  spans.map(({ from, to }) => [from, to].map((at) => (at.getTime() - NOW.getTime()) / 60_000));

describe('the windows of a reading', () => {
  it('overlap with the last reading by two minutes', () =>
    expect(
      minutesOf(readingWindows({ now: NOW, readThrough: ago(1), oldestOpen: null, isDeep: false })),
    ).toEqual([[-3, 0]]));

  it('begin before the oldest payment without a final state', () =>
    expect(
      minutesOf(
        readingWindows({ now: NOW, readThrough: ago(1), oldestOpen: ago(30), isDeep: false }),
      ),
    ).toEqual([[-32, 0]]));

  it('reach back a day at the first and at a deep reading, in overlapping parts', () => {
    const first = readingWindows({ now: NOW, readThrough: null, oldestOpen: null, isDeep: false });
    const deep = readingWindows({ now: NOW, readThrough: ago(1), oldestOpen: null, isDeep: true });

    expect(minutesOf(first)).toEqual(minutesOf(deep));
    expect(first[0]?.from).toEqual(ago(24 * 60));
    expect(first.at(-1)?.to).toEqual(NOW);
    for (const [at, span] of first.entries())
      if (at > 0) expect(span.from < (first[at - 1]?.to ?? NOW)).toBe(true);
  });

  it('are halved with the same overlap, as long as they are long', () => {
    const halves = halvesOf({ from: ago(60), to: NOW });

    expect(minutesOf(halves ?? [])).toEqual([
      [-60, -29],
      [-31, 0],
    ]);
    expect(halvesOf({ from: ago(7), to: NOW })).toBeNull();
  });
});
