import { VenueClock } from '@sluice/connector-engine';
import type { ListedWithdrawal } from '@sluice/connector-rules';
import { API_VENUES } from '@sluice/messages';
import type { CoveredVenue } from './covered-venues.js';
import { readRecord } from './read-record.js';

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
    const query = (_sql: string, [rows]: readonly unknown[] = []): Promise<never[]> => {
      for (const row of JSON.parse(String(rows)) as { venue_reference: string }[])
        seen.add(row.venue_reference);
      return Promise.resolve([]);
    };
    const window = { from: new Date(END - 2 * HOUR_MS), to: new Date(END) };

    const { listed, fault } = await readRecord(busyVenue(), [window], new Date(END), {
      query,
    } as never);

    expect(fault).toBeNull();
    expect(listed).toBeGreaterThanOrEqual(7_201);
    expect(seen.size).toBe(7_201);
  });
});
