import fc from 'fast-check';
import { type WindowName, WINDOWS } from './rule.js';
import { anyInstant } from './testing/any-policy.js';
import {
  bucketOf,
  endOfBucket,
  firstBucket,
  firstDifference,
  offsetByRuntime,
  offsetByTable,
  transitionsOf,
} from './windows.js';

const DAY_MS = 86_400_000;
const text = (instant: number | null) =>
  instant === null ? null : new Date(instant).toISOString().replace('.000Z', 'Z');
const windowOf = (window: WindowName, timeZone: string | null = null) => ({ window, timeZone });
const dayIn = (zone: string) => windowOf('calendar_day', zone);

/** True if a payment counts at an instant. */
function counts(rule: ReturnType<typeof windowOf>, payment: number, at: number): boolean {
  return bucketOf(rule, payment) >= firstBucket(rule, at);
}

describe('a rolling window', () => {
  it.each([
    ['hour', 'at the first ms of a minute', '10:00:00.000', '2026-03-10T11:01:00Z'],
    ['hour', 'at the last ms of a minute', '10:00:59.999', '2026-03-10T11:01:00Z'],
    ['hour', 'at the next minute', '10:01:00.000', '2026-03-10T11:02:00Z'],
    ['day', 'at the first ms of an hour', '10:00:00.000', '2026-03-11T11:00:00Z'],
    ['day', 'at the last ms of an hour', '10:59:59.999', '2026-03-11T11:00:00Z'],
    ['day', 'at the next hour', '11:00:00.000', '2026-03-11T12:00:00Z'],
    ['30_days', 'at the first ms of a day', '00:00:00.000', '2026-04-10T00:00:00Z'],
    ['30_days', 'at the last ms of a day', '23:59:59.999', '2026-04-10T00:00:00Z'],
    ['calendar_day', 'at the first ms of a day', '00:00:00.000', '2026-03-11T00:00:00Z'],
    ['calendar_day', 'at the last ms of a day', '23:59:59.999', '2026-03-11T00:00:00Z'],
  ] as const)('of one %s counts a payment %s, %s, until %s', (window, _which, time, until) => {
    const rule = windowOf(window, window === 'calendar_day' ? 'UTC' : null);
    const [payment, end] = [Date.parse(`2026-03-10T${time}Z`), Date.parse(until)];

    expect(counts(rule, payment, payment)).toBe(true);
    expect([counts(rule, payment, end - 1), counts(rule, payment, end)]).toEqual([true, false]);
    expect(text(endOfBucket(rule, bucketOf(rule, payment)))).toBe(until);
  });

  it.each([
    ['hour', 3_600_000, 60_000],
    ['day', DAY_MS, 3_600_000],
    ['30_days', 30 * DAY_MS, DAY_MS],
  ] as const)(
    'of one %s counts its oldest bucket as a whole, and never a bucket more',
    (window, length, bucket) => {
      const rule = windowOf(window);
      const first = Date.UTC(2026, 2, 10);
      const last = first + bucket - 1;

      // Exactly the length of the window later, and at the last instant of the bucket
      for (const payment of [first, last])
        for (const at of [payment + length, last + length])
          expect(counts(rule, payment, at)).toBe(true);
      expect(counts(rule, last, last + length + 1)).toBe(false);
    },
  );

  it('of the whole time counts every payment forever', () => {
    const rule = windowOf('lifetime');

    expect(counts(rule, Date.UTC(1999), Date.UTC(2999))).toBe(true);
    expect(endOfBucket(rule, bucketOf(rule, Date.UTC(2026)))).toBeNull();
  });

  it('never frees an amount for a clock that goes back', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...WINDOWS),
        fc.constantFrom('UTC', 'Europe/Warsaw', 'America/Havana'),
        anyInstant,
        anyInstant,
        fc.nat(40 * DAY_MS),
        (window, zone, payment, later, back) => {
          const rule = windowOf(window, zone);

          if (counts(rule, payment, later)) expect(counts(rule, payment, later - back)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    ));

  it('keeps a payment of the next day counted for a clock that goes back over midnight', () => {
    const rule = dayIn('UTC');
    const midnight = Date.UTC(2026, 2, 11);

    expect(counts(rule, midnight + 5, midnight - 5)).toBe(true);
  });
});

describe('a calendar day', () => {
  /** Every quarter of an hour belongs to the day; the instants before and after the day do not. */
  function isOneDay(zone: string, date: string, [first, next]: readonly [string, string]) {
    const [rule, day] = [dayIn(zone), Date.parse(date)];
    const [start, end] = [Date.parse(first), Date.parse(next)];
    for (let at = start; at < end; at += 900_000) expect(bucketOf(rule, at)).toBe(day);
    expect(bucketOf(rule, end - 1)).toBe(day);
    expect([bucketOf(rule, start - 1), bucketOf(rule, end)]).toEqual([day - DAY_MS, day + DAY_MS]);
    expect(firstBucket(rule, end - 1)).toBe(day);
    expect(text(endOfBucket(rule, day))).toBe(next);
    return (end - start) / 3_600_000;
  }

  it.each([
    [24, 'UTC', '2026-03-10', '2026-03-10T00:00:00Z', '2026-03-11T00:00:00Z'],
    [24, 'Europe/Warsaw', '2026-03-10', '2026-03-09T23:00:00Z', '2026-03-10T23:00:00Z'],
    [24, 'Asia/Kathmandu', '2026-03-10', '2026-03-09T18:15:00Z', '2026-03-10T18:15:00Z'],
    [24, 'Pacific/Kiritimati', '2026-03-10', '2026-03-09T10:00:00Z', '2026-03-10T10:00:00Z'],
    [24, 'Pacific/Pago_Pago', '2026-03-10', '2026-03-10T11:00:00Z', '2026-03-11T11:00:00Z'],
    [23, 'Europe/Warsaw', '2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    [23, 'America/Havana', '2026-03-08', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z'],
    [23, 'America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z'],
    [25, 'Europe/Warsaw', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    [25, 'America/Havana', '2026-11-01', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
    [25, 'America/Sao_Paulo', '2018-02-17', '2018-02-17T02:00:00Z', '2018-02-18T03:00:00Z'],
  ] as const)('of %d hours is one day: %s, %s, from %s to %s', (hours, zone, date, first, next) =>
    expect(isOneDay(zone, date, [first, next])).toBe(hours),
  );

  it('ends before a date that a zone leaves out', () => {
    const [rule, day] = [dayIn('Pacific/Apia'), Date.UTC(2011, 11, 29)];
    const end = Date.parse('2011-12-30T10:00:00Z');

    expect(endOfBucket(rule, day)).toBe(end);
    expect([bucketOf(rule, end - 1), bucketOf(rule, end)]).toEqual([day, day + 2 * DAY_MS]);
  });

  it('a UTC day is not spent twice by people elsewhere', () => {
    const payments = ['2026-03-10T09:59:59.999Z', '2026-03-10T10:00:00Z'].map(Date.parse);
    const daysIn = (zone: string) => payments.map((at) => text(bucketOf(dayIn(zone), at)));

    // Midnight in Kiritimati is within the day of a limit in UTC
    expect(daysIn('UTC')).toEqual(['2026-03-10T00:00:00Z', '2026-03-10T00:00:00Z']);
    expect(daysIn('Pacific/Kiritimati')).toEqual(['2026-03-10T00:00:00Z', '2026-03-11T00:00:00Z']);
  });

  it('the hour that a clock shows twice is in one day', () => {
    const shownTwice = ['2026-11-01T04:30:00Z', '2026-11-01T05:30:00Z'].map(Date.parse);
    const rule = dayIn('America/Havana');

    expect(shownTwice.map((at) => text(bucketOf(rule, at)))).toEqual([
      '2026-11-01T00:00:00Z',
      '2026-11-01T00:00:00Z',
    ]);
  });

  it('ends at the first instant of the next date, in every zone', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
        fc.integer({ min: 0, max: 5 * 365 }),
        (zone, days) => {
          const [rule, day] = [dayIn(zone), Date.UTC(2025, 0, 1 + days)];
          const end = endOfBucket(rule, day)!;

          expect([bucketOf(rule, end - 1), bucketOf(rule, end)]).toEqual([day, day + DAY_MS]);
        },
      ),
      { numRuns: 1000 },
    ));

  it('of an unknown zone is a fault', () =>
    expect(() => bucketOf(dayIn('Mars/Olympus'), 0)).toThrow(RangeError));
});

const HOUR_MS = 3_600_000;
const YEAR = [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)] as const;

describe('the transitions of a zone', () => {
  it('are its changes, to the minute', () => {
    expect(transitionsOf('Europe/Berlin', YEAR, offsetByRuntime)).toEqual([
      { from: YEAR[0], offset: HOUR_MS },
      { from: Date.UTC(2026, 2, 29, 1), offset: 2 * HOUR_MS },
      { from: Date.UTC(2026, 9, 25, 1), offset: HOUR_MS },
    ]);
    expect(transitionsOf('Australia/Lord_Howe', YEAR, offsetByRuntime)).toEqual([
      { from: YEAR[0], offset: 11 * HOUR_MS },
      { from: Date.UTC(2026, 3, 4, 15), offset: 10.5 * HOUR_MS },
      { from: Date.UTC(2026, 9, 3, 15, 30), offset: 11 * HOUR_MS },
    ]);
    expect(transitionsOf('UTC', YEAR, offsetByRuntime)).toEqual([{ from: YEAR[0], offset: 0 }]);
  });

  it.each(['Europe/Berlin', 'America/Havana', 'Africa/Casablanca', 'Pacific/Chatham'])(
    'of %s give every offset of the year back',
    (zone) => {
      const offsetOf = offsetByTable(new Map([[zone, transitionsOf(zone, YEAR, offsetByRuntime)]]));
      for (let at = YEAR[0]; at < YEAR[1]; at += HOUR_MS / 4)
        if (offsetOf(zone, at) !== offsetByRuntime(zone, at))
          throw new Error(new Date(at).toISOString());
    },
  );

  it('that are unknown are no offset of zero', () => {
    expect(() => offsetByTable(new Map())('UTC', 0)).toThrow('the table of zones lacks UTC');
  });
});

describe('the first difference of two readings of a zone', () => {
  const fixed = [{ from: YEAR[0], offset: HOUR_MS }];
  const berlin = transitionsOf('Europe/Berlin', YEAR, offsetByRuntime);

  it('is the first instant with another offset', () => {
    expect(firstDifference(berlin, fixed)).toBe(Date.UTC(2026, 2, 29, 1));
    expect(firstDifference(fixed, berlin)).toBe(Date.UTC(2026, 2, 29, 1));
    expect(firstDifference(fixed, [{ from: YEAR[0], offset: 0 }])).toBe(YEAR[0]);
  });

  it('is the earlier one of two instants of the same change', () => {
    const later = berlin.map(({ from, offset }, at) => ({ from: from + at * HOUR_MS, offset }));
    expect(firstDifference(berlin, later)).toBe(Date.UTC(2026, 2, 29, 1));
  });

  it('is none between equal readings', () => {
    expect(firstDifference(berlin, [...berlin])).toBeNull();
  });
});
