import { halvesOf, readingWindows } from './reading-windows.js';

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
