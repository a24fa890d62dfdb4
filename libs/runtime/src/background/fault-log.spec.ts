import { causeOf, FaultLog } from './fault-log.js';

function givenLog() {
  const lines: object[] = [];
  let ms = 0;
  const log = new FaultLog({ warn: (fields, text) => lines.push({ ...fields, text }) }, () => ms);
  const fail = (cause: string): void => log.warn(cause, { cause }, 'failed');
  return { lines, fail, pass: (forMs: number) => (ms += forMs) };
}

describe('a fault of repeated work', () => {
  it('is logged once per cause and minute, and counts the lines left out', () => {
    const { lines, fail, pass } = givenLog();
    for (let i = 0; i < 120; i++, pass(500)) fail(i % 2 === 0 ? 'refused' : 'time-out');
    fail('refused');

    expect(lines).toEqual([
      { cause: 'refused', text: 'failed' },
      { cause: 'time-out', text: 'failed' },
      { cause: 'refused', text: 'failed', leftOut: 59 },
    ]);
  });

  it('is logged also if each cause is another, in bounded memory', () => {
    const { lines, fail } = givenLog();
    for (let i = 0; i < 1_000; i++) fail(`cause ${i}`);
    expect(lines).toHaveLength(1_000);
  });

  it.each([
    ['block 18000001 is unknown', 'block 18000002 is unknown', true],
    ['order 7c1e0b52-9d3f-4b1a is late', 'order 0a1e0b53-9d3f-4c2b is late', true],
    ['a pause until 2026-11-29T01:00:10.001Z', 'a pause until 2026-11-30T13:20:05.400Z', true],
    ['status 403', 'status 429', false],
    ['connect ECONNREFUSED', 'read ECONNRESET', false],
  ])('%j and %j are the same cause: %s', (first, second, isSame) => {
    expect(causeOf(new Error(first)) === causeOf(new Error(second))).toBe(isSame);
  });
});
