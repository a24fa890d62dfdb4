import type { VenueAnswer } from '@sluice/connector-engine';
import * as fc from 'fast-check';
import { isObject } from '@sluice/kernel';
import { readHistory } from './bitmart.history.js';

const MOST = 1_000;
const DAY_MS = 86_400_000;

/** A venue with a withdrawal at each of these times; it answers at most 1000 of a window, and shuffles or cuts as it likes. */
function venueWith(times: readonly number[], endsBelong = true) {
  const asked: { from: number; to: number }[] = [];
  const history = (from: Date, to: Date, count: number): Promise<VenueAnswer> => {
    asked.push({ from: from.getTime(), to: to.getTime() });
    const inside = (at: number): boolean =>
      endsBelong
        ? at >= from.getTime() && at <= to.getTime()
        : at > from.getTime() && at < to.getTime();
    const records = times
      .flatMap((at, n) => (inside(at) ? [{ withdraw_id: `${n}`, apply_time: at }] : []))
      .slice(0, count);
    const json = { code: 1000, message: 'OK', trace: 'x', data: { records } };
    return Promise.resolve({ kind: 'answer', status: 200, headers: {}, text: '', json });
  };
  return { history, asked };
}

describe('readHistory', () => {
  it('finds each withdrawal of a window once, however many there are and whatever order they come in', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3_500 }),
        fc.integer({ min: 4, max: 40 }),
        fc.boolean(),
        async (count, step, endsBelong) => {
          const times = Array.from({ length: count }, (_, n) => 10 + n * step);
          const found = await readHistory(
            venueWith(times, endsBelong),
            new Date(0),
            new Date(20 + count * step),
          );

          expect(
            found.kind === 'rows' &&
              found.rows
                .map((row) => Number(isObject(row) && row['withdraw_id']))
                .sort((a, b) => a - b),
          ).toEqual(times.map((_, n) => n));
        },
      ),
      { numRuns: 25 },
    ));

  it('asks for no window longer than 90 days', async () => {
    const venue = venueWith([]);

    await readHistory(venue, new Date(0), new Date(200 * DAY_MS));

    expect(venue.asked).toHaveLength(3);
    expect(Math.max(...venue.asked.map(({ from, to }) => to - from))).toBe(90 * DAY_MS);
  });

  it('is unavailable rather than incomplete when one moment holds more than an answer can', async () => {
    const found = await readHistory(
      venueWith(Array.from({ length: MOST + 1 }, () => 500)),
      new Date(0),
      new Date(1_000),
    );

    expect(found.kind).toBe('unavailable');
  });

  it.each<[string, VenueAnswer]>([
    [
      'an error',
      {
        kind: 'answer',
        status: 400,
        headers: {},
        text: '',
        json: { code: 60066, message: 'm', data: {} },
      },
    ],
    [
      'a success without records',
      {
        kind: 'answer',
        status: 200,
        headers: {},
        text: '',
        json: { code: 1000, message: 'OK', data: {} },
      },
    ],
    [
      'maintenance with 200',
      {
        kind: 'answer',
        status: 200,
        headers: {},
        text: '',
        json: { code: 30016, message: 'm', data: { records: [] } },
      },
    ],
    ['a broken answer', { kind: 'broken', cause: 'cut', status: 200, text: '{"code":1000' }],
  ])('%s is unavailable, never an empty list', async (_what, answer) => {
    expect(
      (await readHistory({ history: () => Promise.resolve(answer) }, new Date(0), new Date(1_000)))
        .kind,
    ).toBe('unavailable');
  });
});
