const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Offsets of wrong clocks in tests. */
export const CLOCK_OFFSETS_MS: readonly number[] = [
  -60 * MINUTE,
  -10 * MINUTE,
  -2 * MINUTE,
  -30 * SECOND,
  -3 * SECOND,
  3 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  60 * MINUTE,
];
