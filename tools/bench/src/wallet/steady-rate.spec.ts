import { steadyRate } from './steady-rate.js';

describe('steadyRate', () => {
  it('counts what comes between the edges, whatever happened there', () => {
    const steady = Array.from({ length: 1_000 }, (_, index) => 100_000 + index * 10);

    expect(steadyRate(steady)).toBeCloseTo(100, 0);
    expect(steadyRate([0, ...steady, 900_000])).toBeCloseTo(100, 0);
  });

  it('is 0 without enough confirmations', () => {
    expect([steadyRate([]), steadyRate([5]), steadyRate([5, 5, 5])]).toEqual([0, 0, 0]);
  });
});
