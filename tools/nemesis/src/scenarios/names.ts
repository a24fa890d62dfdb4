/** The five ways to pay twice that were found by hand, and the ways to lose one; each a schedule of its own. */
export const SCENARIO_NAMES = [
  'clock-slow-2min',
  'late-arrival',
  'captured-request-twice',
  'flipped-byte',
  'restore-all',
  'restore-connector',
  'group-reset',
  'says-no-and-pays',
  'log-wiped',
  'log-truncated',
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];
