import { percentiles } from './percentiles.js';

describe('percentiles', () => {
  it('takes the nearest rank, whatever the order of the sample', () => {
    const sample = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentiles(sample)).toEqual({ p50: 50, p95: 95, p99: 99 });
  });

  it('does not invent a value', () => {
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
    expect(percentiles([])).toEqual({ p50: 0, p95: 0, p99: 0 });
  });
});
