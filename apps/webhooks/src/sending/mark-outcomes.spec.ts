import { MOST_ATTEMPTS, retryDelayMs } from './mark-outcomes.js';

it('attempts seven times, at the moments of the contract', () => {
  const delays = Array.from({ length: MOST_ATTEMPTS }, (_, at) => retryDelayMs(at + 1));
  const minutes = delays.slice(0, -1).map((ms) => (ms ?? 0) / 60_000);

  expect(MOST_ATTEMPTS).toBe(7);
  expect(delays.at(-1)).toBeNull();
  expect(minutes.map((_, at) => minutes.slice(0, at + 1).reduce((a, b) => a + b))).toEqual([
    1, 6, 36, 156, 876, 2_316,
  ]);
});
