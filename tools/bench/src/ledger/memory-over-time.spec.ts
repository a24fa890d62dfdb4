import { thirds } from './memory-over-time.js';

describe('thirds', () => {
  it('compares the ends of a run and leaves its start out', () => {
    const samples = [1_000, ...Array.from({ length: 9 }, (_, minute) => 100 + 10 * minute)];

    expect(thirds(samples)).toEqual({ first: 110, last: 170 });
  });
});
