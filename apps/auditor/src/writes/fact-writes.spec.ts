import { restUntil } from './fact-writes.js';

it.each([
  [0, 5_000],
  [1, 4_999],
  [4_700, 300],
  [4_900, 5_100],
  [12_345, 2_655],
])('at %d ms the rest is %d ms', (now, rest) => {
  expect(restUntil(5_000, now)).toBe(rest);
});
