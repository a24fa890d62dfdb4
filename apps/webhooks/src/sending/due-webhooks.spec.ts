import { nextLookInMs } from './due-webhooks.js';

it.each<[boolean, number | null, number]>([
  [false, null, 5_000],
  [false, 60_000, 5_000],
  [false, 4_200, 4_200],
  [false, 3, 1_000],
  [true, 60_000, 1_000],
  [true, null, 1_000],
])('with due deliveries: %s, the next in %s ms: the next look is in %d ms', (due, next, look) => {
  expect(nextLookInMs(due, next)).toBe(look);
});
