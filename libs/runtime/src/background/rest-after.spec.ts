import { restAfterMs } from './rest-after.js';

it.each([
  [0, 0],
  [1, 0.1],
  [3, 0.9],
  [10, 10],
  [14, 19.6],
  [15, 20],
  [1_000, 20],
])('a turn of %d ms is followed by a pause of %d ms', (took, rest) => {
  expect(restAfterMs(took)).toBeCloseTo(rest);
});
