import { laneOf, type VenueCapabilities } from '@sluice/connector-rules';

/** Permitted call rate of an endpoint: `limit` calls in any `perMs` milliseconds, per account. */
interface RateRule {
  readonly limit: number;
  readonly perMs: number;
}

export type RateRules = Readonly<Record<string, RateRule>>;

// Calls leave with a little more distance than the venue asks for: between our clock and its counter lies a network.
const MARGIN = 1.02;

export function intervalUs(rule: RateRule): number {
  return Math.max(1, Math.round((rule.perMs * 1000 * MARGIN) / rule.limit));
}

/** Fewest and most calls of a form under way at once. */
const FEWEST_UNDER_WAY = 16;
export const MOST_UNDER_WAY = 256;

/**
 * Returns how many calls of an endpoint, its lanes included, may be under way at once: the plan
 * limits the rate, even if each call lasts as long as its time limit.
 */
export function callsUnderWay(rules: RateRules, endpoint: string, limitMs: number): number {
  const lanes = Object.entries(rules).filter(([name]) => name.startsWith(`${endpoint} `));
  const rule = rules[endpoint];
  const applied = rule === undefined ? lanes.map(([, lane]) => lane) : [rule];
  const calls = applied.reduce((sum, { limit, perMs }) => sum + (limit * limitMs) / perMs, 0);
  return Math.min(MOST_UNDER_WAY, Math.max(FEWEST_UNDER_WAY, Math.ceil(calls)));
}

/** Returns the rules with one per lane: the lane's own, or `POST /pay *`. Throws without either. */
export function withLanes(
  rules: RateRules,
  { forms }: Pick<VenueCapabilities, 'forms'>,
): RateRules {
  const plan = new Map(Object.entries(rules));
  for (const form of forms) {
    for (const lane of form.lanes === undefined
      ? []
      : new Set(form.assets.map((asset) => laneOf(form, asset)))) {
      const rule = rules[lane] ?? rules[`${form.submitEndpoint} *`];
      if (!rule) throw new Error(`the rate plan has no rule for ${lane}`);
      plan.set(lane, rule);
    }
  }
  return Object.fromEntries(plan);
}

/** Parses RATE_PLAN: `{"POST /withdrawals": {"limit": 1, "perMs": 3000}}`. Throws on another shape. */
export function readRateRules(value: unknown): RateRules {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('must be a JSON object of endpoint → {limit, perMs}');
  for (const [endpoint, rule] of Object.entries(value as Record<string, unknown>)) {
    if (!isRule(rule))
      throw new Error(
        `${endpoint}: must be {"limit": n, "perMs": n} with whole numbers above zero`,
      );
  }
  return value as RateRules;
}

function isRule(rule: unknown): rule is RateRule {
  if (typeof rule !== 'object' || rule === null) return false;
  const { limit, perMs } = rule as Record<string, unknown>;
  return (
    Number.isSafeInteger(limit) &&
    Number.isSafeInteger(perMs) &&
    (limit as number) > 0 &&
    (perMs as number) > 0
  );
}
