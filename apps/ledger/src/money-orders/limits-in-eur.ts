import { Amount, type Asset, isDecimalText, worthInEur } from '@sluice/kernel';

const SCOPES = ['person', 'account', 'total'] as const;
type LimitScope = (typeof SCOPES)[number];

const SPANS = ['hour', 'day'] as const;
type LimitSpan = (typeof SPANS)[number];

export type LimitName = 'call' | `${LimitScope}_${LimitSpan}`;

/** Limits in EUR as decimal text, for money orders by one person without a second person. */
export type LimitsInEur = Readonly<Record<LimitName, string>>;

export const DEFAULT_LIMITS_IN_EUR: LimitsInEur = {
  call: '100000',
  person_hour: '200000',
  person_day: '500000',
  account_hour: '200000',
  account_day: '500000',
  total_hour: '1000000',
  total_day: '2000000',
};

/** Highest values of the setting. Only a release raises them. */
const MOST_IN_EUR: LimitsInEur = {
  call: '1000000',
  person_hour: '2000000',
  person_day: '5000000',
  account_hour: '2000000',
  account_day: '5000000',
  total_hour: '10000000',
  total_day: '20000000',
};

/**
 * Reads ONE_PERSON_LIMITS_EUR: `{"call": "50000", "person_day": "250000"}`. Throws with the
 * expected format, also above the highest value.
 */
export function readLimitsInEur(value: unknown): LimitsInEur {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('must be a JSON object of limit → EUR');
  for (const [name, amount] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    if (!isLimitName(name))
      throw new Error(`${name}: must be one of ${Object.keys(MOST_IN_EUR).join(', ')}`);
    if (typeof amount !== 'string' || !isDecimalText(amount))
      throw new Error(`${name}: must be a decimal amount as text`);
    if (eur(MOST_IN_EUR[name]).lessThan(eur(amount)))
      throw new Error(
        `${name}: must be at most ${MOST_IN_EUR[name]}: only a release raises this limit`,
      );
  }
  return { ...DEFAULT_LIMITS_IN_EUR, ...value };
}

export function eur(text: string): Amount {
  return Amount.of(text, 'EUR.-');
}

function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(MOST_IN_EUR, name);
}

/** Sum of earlier orders by one person each, for one asset and one combination of the marks. */
export interface MovedBefore {
  readonly asset: Asset;
  readonly amount: Amount;
  readonly is_of_person: boolean;
  readonly is_of_account: boolean;
  readonly is_in_hour: boolean;
  /** Time of the oldest order of the sum. */
  readonly oldest_at: Date;
}

export interface ExceededLimit {
  readonly name: LimitName;
  readonly limit: string;
  readonly before: Amount;
  readonly added: Amount;
  /** Time at which the oldest counted order leaves the window; null if no earlier order counts. */
  readonly freesAt: Date | null;
}

const SPAN_MS: Readonly<Record<LimitSpan, number>> = { hour: 3_600_000, day: 86_400_000 };

/** First limit exceeded by an order of this worth; null if it fits. Hour and day end now. */
export function exceededLimit(
  added: Amount,
  before: readonly MovedBefore[],
  limits: LimitsInEur,
): ExceededLimit | null {
  if (eur(limits.call).lessThan(added))
    return { name: 'call', limit: limits.call, before: eur('0'), added, freesAt: null };
  for (const scope of SCOPES)
    for (const span of SPANS) {
      const counted = before.filter((sum) => isOf(sum, scope) && isIn(sum, span));
      const name = `${scope}_${span}` as const;
      const moved = worthOf(counted);
      if (moved !== null && !eur(limits[name]).lessThan(moved.plus(added))) continue;
      const oldest = Math.min(...counted.map(({ oldest_at: at }) => at.getTime()));
      const freesAt = counted.length > 0 ? new Date(oldest + SPAN_MS[span]) : null;
      return { name, limit: limits[name], before: moved ?? eur('0'), added, freesAt };
    }
  return null;
}

function isOf(sum: MovedBefore, scope: LimitScope): boolean {
  switch (scope) {
    case 'person':
      return sum.is_of_person;
    case 'account':
      return sum.is_of_account;
    case 'total':
      return true;
  }
}

function isIn(sum: MovedBefore, span: LimitSpan): boolean {
  return span === 'day' || sum.is_in_hour;
}

/** Returns the worth of the sums; null if an asset has no worth, and the sum is unknown. */
function worthOf(sums: readonly MovedBefore[]): Amount | null {
  let total = eur('0');
  for (const { amount } of sums) {
    const worth = worthInEur(amount);
    if (worth === null) return null;
    total = total.plus(worth);
  }
  return total;
}
