import { Amount, isDecimalText } from '@sluice/kernel';

/** Scopes of the sums of an hour and of a day. */
export const SCOPES = ['person', 'account', 'total'] as const;
export type LimitScope = (typeof SCOPES)[number];

export const SPANS = ['hour', 'day'] as const;
export type LimitSpan = (typeof SPANS)[number];

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
 * Reads ONE_PERSON_LIMITS_EUR: `{"call": "50000", "person_day": "250000"}`. Other limits keep the
 * default. Throws an error with the expected format, also for a value above the highest value.
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
