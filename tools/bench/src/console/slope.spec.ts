import { flatVerdict, slopeOf } from './slope.js';

const minutes = (valueOf: (minute: number) => number) =>
  Array.from({ length: 30 }, (_, minute) => valueOf(minute));

describe('slopeOf', () => {
  it.each([
    ['a line', [10, 13, 16, 19], 3],
    ['a falling line', [9, 7, 5], -2],
    ['values around a constant', [4, 6, 6, 4], 0],
    ['one value', [7], 0],
    ['no value', [], 0],
  ])('of %s', (_what, samples, slope) => expect(slopeOf(samples)).toBe(slope));
});

describe('the verdict on growth', () => {
  const limit = { most: 30, unit: 'kB' };

  it('ignores the first third', () => {
    const samples = minutes((minute) => (minute < 10 ? minute * 500 : 5_000));

    expect(flatVerdict('heap', samples, limit)).toEqual({
      what: 'heap',
      ok: true,
      says: '5000 to 5000 kB, 0 kB a minute, at most 30: flat',
    });
  });

  it('lets a heap rise and fall', () =>
    expect(
      flatVerdict(
        'heap',
        minutes((minute) => 5_000 + 300 * (minute % 3)),
        limit,
      ).ok,
    ).toBe(true));

  it('finds a small leak below the noise', () => {
    const samples = minutes((minute) => 5_000 + 40 * minute + 300 * (minute % 3));

    expect(flatVerdict('heap', samples, limit)).toMatchObject({ ok: false });
  });
});
