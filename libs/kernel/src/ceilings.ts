import { Amount, currencyOf, isDecimalText, networkOf } from './amount.js';

const CEILING_SPANS = ['call', 'hour', 'day'] as const;
export type CeilingSpan = (typeof CEILING_SPANS)[number];
/** Decimal text for each. */
export type Ceiling = Readonly<Record<CeilingSpan, string>>;
/** Lowered ceilings by currency. Default for an omitted currency or span: the built-in ceiling. */
export type LoweredCeilings = Readonly<Record<string, Partial<Ceiling>>>;

/**
 * Maximum amounts sent by a connector per call, hour and day, measured by the database's clock. The
 * key is the currency; the ceiling applies to each asset of the currency. `CEILINGS` can only lower
 * the values; only a release can raise them.
 */
export const BUILT_IN_CEILINGS: Readonly<Record<string, Ceiling>> = {
  USDT: { call: '1000000', hour: '20000000', day: '100000000' },
  USDC: { call: '1000000', hour: '20000000', day: '100000000' },
  TRX: { call: '5000000', hour: '100000000', day: '500000000' },
  XRP: { call: '500000', hour: '10000000', day: '50000000' },
  ETH: { call: '300', hour: '6000', day: '30000' },
  BNB: { call: '1500', hour: '30000', day: '150000' },
  BTC: { call: '10', hour: '200', day: '1000' },
  EUR: { call: '1000000', hour: '20000000', day: '100000000' },
};

/**
 * Ceiling in EUR for a currency without a built-in ceiling: a hundredth of the built-in call, and a
 * two-hundredth of the built-in hour and day of EUR. The ceiling is low because adding a currency is
 * its only review.
 */
export const UNNAMED_CEILING_EUR: Ceiling = { call: '10000', hour: '100000', day: '500000' };

/**
 * Returns the ceiling of a currency: the built-in ceiling, lowered by `lowered`. A currency without
 * a built-in ceiling gets the units bought by `UNNAMED_CEILING_EUR`. `unitWorthEur` is the stated
 * EUR worth of a unit (decimal text above zero); null: returns null, and the currency is never
 * sent.
 */
export function ceilingOf(
  currency: string,
  lowered: LoweredCeilings,
  unitWorthEur: string | null = null,
): Ceiling | null {
  const builtIn = Object.hasOwn(BUILT_IN_CEILINGS, currency) ? BUILT_IN_CEILINGS[currency] : null;
  if (builtIn) return { ...builtIn, ...lowered[currency] };
  return unitWorthEur === null ? null : unnamedCeiling(unitWorthEur);
}

/**
 * Returns true if the amount exceeds the daily ceiling of its currency. Any amount of a currency
 * without a built-in ceiling and without a stated worth exceeds the ceiling.
 */
export function isAboveDay(amount: Amount, worths: UnitWorths = {}): boolean {
  const { asset } = amount;
  const currency = currencyOf(asset);
  const ceiling = ceilingOf(currency, {}, worthOf(currency, worths));
  return ceiling === null || Amount.of(ceiling.day, asset).lessThan(amount);
}

/**
 * Returns true if a release defines a ceiling for the currency, and operators need not state the
 * unit worth.
 */
export function hasBuiltInCeiling(currency: string): boolean {
  return Object.hasOwn(BUILT_IN_CEILINGS, currency);
}

function unnamedCeiling(unitWorthEur: string): Ceiling {
  const [call, hour, day] = CEILING_SPANS.map((span) =>
    unitsWorth(UNNAMED_CEILING_EUR[span], unitWorthEur),
  );
  return { call: call ?? '0', hour: hour ?? '0', day: day ?? '0' };
}

/**
 * Ceilings of our own wallet in a native coin, as decimal text. `spent` limits the gas of a
 * transaction, `topUp` a single top-up from the gas tank. `day` is the gas of a day above which
 * operators are alerted.
 */
interface GasCeiling {
  readonly spent: string;
  readonly topUp: string;
  readonly day: string;
}

export type GasFault = 'not_native' | 'above_ceiling';

/**
 * Built-in gas ceilings by native coin, for each network with the coin. The values are far above
 * the highest cost of a transfer and far below the balance of a wallet. People book larger amounts
 * after a review. Only a release changes the values.
 */
const GAS_CEILINGS: Readonly<Record<string, GasCeiling>> = {
  ETH: { spent: '0.2', topUp: '10', day: '50' },
  BNB: { spent: '0.2', topUp: '20', day: '50' },
};

/**
 * Gas ceilings in EUR for a coin without built-in ceilings: about a hundredth of the built-in
 * ceilings.
 */
const UNNAMED_GAS_CEILING_EUR: GasCeiling = { spent: '10', topUp: '500', day: '1500' };

/**
 * Returns the built-in gas ceiling of a coin. For a coin without a built-in ceiling, converts
 * `UNNAMED_GAS_CEILING_EUR` at the stated worth of the coin. Returns null if no worth is stated.
 */
export function gasCeilingOf(currency: string, worths: UnitWorths = {}): GasCeiling | null {
  const builtIn = Object.hasOwn(GAS_CEILINGS, currency) ? GAS_CEILINGS[currency] : undefined;
  if (builtIn !== undefined) return builtIn;
  const worth = worthOf(currency, worths);
  if (worth === null) return null;
  const { spent, topUp, day } = UNNAMED_GAS_CEILING_EUR;
  return {
    spent: unitsWorth(spent, worth),
    topUp: unitsWorth(topUp, worth),
    day: unitsWorth(day, worth),
  };
}

/** Returns true if a release defines the gas ceilings of the coin. */
function hasBuiltInGasCeiling(currency: string): boolean {
  return Object.hasOwn(GAS_CEILINGS, currency);
}

/**
 * Returns the reason to refuse an amount as gas (`spent`) or gas top-up (`topUp`) of our own wallet
 * on a network; null if the amount is plausible.
 */
export function gasFault(
  amount: Amount,
  network: string,
  booked: 'spent' | 'topUp',
  worths: UnitWorths = {},
): GasFault | null {
  const ceiling = gasCeilingOf(currencyOf(amount.asset), worths);
  if (ceiling === null || networkOf(amount.asset) !== network) return 'not_native';
  return Amount.of(ceiling[booked], amount.asset).lessThan(amount) ? 'above_ceiling' : null;
}

/**
 * Reads CEILINGS: `{"USDT": {"call": "1000", "day": "50000"}}`. Throws an error with the expected
 * value, also for a ceiling above the built-in ceiling.
 */
export function readCeilings(value: unknown): LoweredCeilings {
  if (!isRecord(value)) throw new Error('must be a JSON object of currency → {call, hour, day}');
  for (const [currency, ceiling] of Object.entries(value)) {
    const builtIn = BUILT_IN_CEILINGS[currency];
    if (builtIn === undefined)
      throw new Error(`${currency}: must be one of ${Object.keys(BUILT_IN_CEILINGS).join(', ')}`);
    if (!isRecord(ceiling))
      throw new Error(`${currency}: must be {"call": "…", "hour": "…", "day": "…"}`);
    for (const [span, amount] of Object.entries(ceiling))
      requireLower(`${currency}.${span}`, amount, builtIn[span as CeilingSpan]);
  }
  return value as LoweredCeilings;
}

function requireLower(name: string, amount: unknown, builtIn: string | undefined): void {
  if (builtIn === undefined) throw new Error(`${name}: must be one of ${CEILING_SPANS.join(', ')}`);
  if (typeof amount !== 'string' || !isDecimalText(amount))
    throw new Error(`${name}: must be a decimal amount as text`);
  const of = (text: string) => Amount.of(text, 'ANY.-');
  if (of(builtIn).lessThan(of(amount)))
    throw new Error(
      `${name}: must be at most ${builtIn}: a ceiling is made lower by a setting, and higher by a release alone`,
    );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * EUR worth of one unit by currency, as decimal text. Operators state the worth of currencies
 * without built-in ceilings.
 */
export type UnitWorths = Readonly<Record<string, string>>;

/** Digits after the point; finer than any currency is paid. */
const DECIMALS = 18;

/** Returns the stated worth of a currency; null if no worth is stated. */
function worthOf(currency: string, worths: UnitWorths): string | null {
  return Object.hasOwn(worths, currency) ? (worths[currency] ?? null) : null;
}

/** Returns the number of units bought by a sum of EUR, rounded down. */
export function unitsWorth(eur: string, unitWorthEur: string): string {
  return Amount.of(eur, 'EUR.-').dividedBy(unitWorthEur).roundedDown(DECIMALS).toString();
}

const CURRENCY = /^[A-Z0-9]{1,32}$/;

/**
 * Reads UNIT_WORTH_EUR: `{"POL": "0.25"}`. Throws an error with the expected value, also for a
 * currency with built-in ceilings.
 */
export function readUnitWorths(value: unknown): UnitWorths {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('must be a JSON object of currency → EUR');
  for (const [currency, worth] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    if (!CURRENCY.test(currency)) throw new Error(`${currency} must be a currency`);
    if (typeof worth !== 'string' || !isDecimalText(worth) || !isPositive(worth))
      throw new Error(`${currency} must be EUR above zero as decimal text`);
    if (hasBuiltInCeiling(currency) && hasBuiltInGasCeiling(currency))
      throw new Error(`${currency} must not be there: a release has its ceilings`);
  }
  return value as UnitWorths;
}

function isPositive(worth: string): boolean {
  return Amount.of(worth, 'EUR.-').isPositive();
}

/**
 * Assumed EUR worth of a unit by currency: at these prices, a `call` ceiling of `BUILT_IN_CEILINGS`
 * is about EUR 1 million. The prices limit risk and are not market prices. Only a release changes
 * the prices.
 */
export const REFERENCE_PRICES_EUR: Readonly<Record<string, string>> = {
  USDT: '1',
  USDC: '1',
  TRX: '0.2',
  XRP: '2',
  ETH: '3334',
  BNB: '667',
  BTC: '100000',
  EUR: '1',
};

/**
 * Converts an amount to EUR at the built-in price, or at the price stated for the asset. Returns
 * null if the asset has no price.
 */
export function worthInEur(amount: Amount, stated: string | null = null): Amount | null {
  const currency = currencyOf(amount.asset);
  const builtIn = Object.hasOwn(REFERENCE_PRICES_EUR, currency)
    ? REFERENCE_PRICES_EUR[currency]
    : null;
  const price = builtIn ?? stated;
  if (price === null) return null;
  return Amount.of(amount.times(price).toString(), 'EUR.-');
}
