import { firstDifference, offsetByRuntime, offsetByTable, transitionsOf } from './zones.js';

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
