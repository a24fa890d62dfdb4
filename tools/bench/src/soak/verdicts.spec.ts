import {
  completenessVerdict,
  driftOf,
  driftVerdict,
  memoryVerdict,
  tableVerdict,
} from './verdicts.js';

const fifth = (p50_ms: number, p99_ms: number) => ({ p50_ms, p99_ms });

describe('driftOf', () => {
  it('compares the first fifth with the last one, by when each was due', () => {
    const samples = Array.from({ length: 100 }, (_, n) => ({ dueMs: n * 10, tookMs: n }));

    expect(driftOf(samples, 1_000)).toEqual({ first: fifth(9, 19), last: fifth(89, 99) });
  });
});

describe('the verdict on latency', () => {
  it('lets percentiles breathe', () => {
    const { ok, says } = driftVerdict('POST', { first: fifth(8, 30), last: fifth(12, 50) });

    expect(ok).toBe(true);
    expect(says).toBe('first fifth p50 8 p99 30 ms, last fifth p50 12 p99 50 ms: no drift');
  });

  it.each([
    ['median', fifth(140, 250)],
    ['99th percentile', fifth(100, 500)],
  ])('names a drift of the %s', (_what, last) => {
    expect(driftVerdict('POST', { first: fifth(100, 250), last })).toMatchObject({ ok: false });
  });
});

describe('the verdict on memory', () => {
  const minutes = (mbOf: (minute: number) => number) =>
    Array.from({ length: 30 }, (_, n) => mbOf(n));

  it('is flat where a heap rises and falls', () => {
    expect(
      memoryVerdict(
        'ledger',
        minutes((n) => 200 + 40 * (n % 3)),
      ),
    ).toMatchObject({
      what: 'memory of ledger',
      ok: true,
    });
  });

  it('is not flat where it grows', () => {
    expect(
      memoryVerdict(
        'ledger',
        minutes((n) => 200 + 4 * n),
      ).says,
    ).toMatch(/NOT flat$/);
  });
});

describe('the verdict on a table', () => {
  it('is bounded where it is swept now and then', () => {
    const bytes = [0, 8e6, 16e6, 2e6, 9e6, 17e6, 3e6, 10e6];

    expect(tableVerdict('ledger.outbox', bytes)).toEqual({
      what: 'table ledger.outbox',
      ok: true,
      says: 'at most 16 MB in the first half, 17 MB in the second: bounded',
    });
  });

  it('grows where each measurement is higher', () => {
    const bytes = Array.from({ length: 10 }, (_, n) => n * 4e6);

    expect(tableVerdict('ledger.outbox', bytes)).toMatchObject({ ok: false });
  });
});

describe('the verdict on withdrawals', () => {
  it('counts what is missing', () => {
    expect(completenessVerdict(100, 99)).toMatchObject({ ok: false, says: '99 of 100 captured' });
  });
});
