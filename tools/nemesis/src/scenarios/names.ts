/** Accidents of the second review, and accidents of the wallet. */
const ACCIDENT_NAMES = [
  'ledger-alone-restored',
  'database-goes-back-live',
  'intake-goes-back-live',
  'intake-forgets-what-was-paid',
  'refused-paid-listed-late',
  'restore-after-failover',
  'machine-clock',
  'wallet-reorganised',
  'wallet-node-lies',
  'wallet-mempool-dropped',
] as const;
export type AccidentName = (typeof ACCIDENT_NAMES)[number];

/** Manually found ways to pay twice or to lose a payment, each with a schedule. */
export const SCENARIO_NAMES = [
  'clock-slow-2min',
  'late-arrival',
  'captured-request-twice',
  'flipped-byte',
  'restore-all',
  'restore-connector',
  'group-reset',
  'refuses-and-pays',
  'log-wiped',
  'log-truncated',
  ...ACCIDENT_NAMES,
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];
