import { intervalUs, readRateRules } from './rate-rules.js';

describe('RATE_PLAN', () => {
  it('is an object of endpoint → {limit, perMs}', () => {
    const plan = { 'POST /withdrawals': { limit: 1, perMs: 3000 } };

    expect(readRateRules(plan)).toEqual(plan);
  });

  it.each([[null], [[]], ['x'], [{ a: 1 }], [{ a: { limit: 0, perMs: 1 } }], [{ a: { limit: 1 } }], [{ a: { limit: 1.5, perMs: 1 } }]])(
    'refuses %j',
    (value) => {
      expect(() => readRateRules(value)).toThrow(/must be/);
    },
  );

  it('keeps a little more distance than the venue asks for', () => {
    expect(intervalUs({ limit: 1, perMs: 3_000 })).toBe(3_060_000);
    expect(intervalUs({ limit: 1_000_000_000, perMs: 1 })).toBe(1);
  });
});
