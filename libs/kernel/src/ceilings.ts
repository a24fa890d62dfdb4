import { Amount, currencyOf, isDecimalText, networkOf } from './amount.js';

export const CEILING_SPANS = ['call', 'hour', 'day'] as const;
export type CeilingSpan = (typeof CEILING_SPANS)[number];
/** Decimal text for each. */
export type Ceiling = Readonly<Record<CeilingSpan, string>>;
/** Lowered ceilings by currency. Default for an omitted currency or span: the built-in ceiling. */
export type LoweredCeilings = Readonly<Record<string, Partial<Ceiling>>>;

/**
 * Most sent by a connector per call, hour and day of the database's clock, for each asset of a
 * currency. `CEILINGS` only lowers; a release raises.
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

/** Ceiling in EUR of other currencies, low because adding a currency is its only review. */
export const UNNAMED_CEILING_EUR: Ceiling = { call: '10000', hour: '100000', day: '500000' };

/**
 * Built-in ceiling, lowered by `lowered`; otherwise the units bought by `UNNAMED_CEILING_EUR` at
 * `unitWorthEur`, decimal text above zero. Null without worth: the currency is never sent.
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

/** True above the currency's daily ceiling, and for any amount without ceiling and worth. */
export function isAboveDay(amount: Amount, worths: UnitWorths = {}): boolean {
  const { asset } = amount;
  const currency = currencyOf(asset);
  const ceiling = ceilingOf(currency, {}, worthOf(currency, worths));
  return ceiling === null || Amount.of(ceiling.day, asset).lessThan(amount);
}

/** True if a release defines a ceiling: operators need not state the worth. */
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
 * Of our own wallet in a native coin, as decimal text: `spent` per transaction, `topUp` per top-up,
 * `day` before an alert.
 */
interface GasCeiling {
  readonly spent: string;
  readonly topUp: string;
  readonly day: string;
}

export type GasFault = 'not_native' | 'above_ceiling';

/**
 * By native coin, far above the cost of a transfer and below a wallet's balance. Only a release
 * changes them.
 */
const GAS_CEILINGS: Readonly<Record<string, GasCeiling>> = {
  ETH: { spent: '0.2', topUp: '10', day: '50' },
  BNB: { spent: '0.2', topUp: '20', day: '50' },
};

/** In EUR, for other coins: about a hundredth of the built-in ceilings. */
const UNNAMED_GAS_CEILING_EUR: GasCeiling = { spent: '10', topUp: '500', day: '1500' };

/**
 * Built-in gas ceiling, or `UNNAMED_GAS_CEILING_EUR` at the coin's stated worth; null without
 * worth.
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

/** Reason to refuse an amount as gas (`spent`) or top-up (`topUp`), or null. */
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
 * Reads CEILINGS: `{"USDT": {"call": "1000", "day": "50000"}}`. Throws with the expected value,
 * also above a built-in ceiling.
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

/** EUR worth of one unit as decimal text, for currencies without built-in ceilings. */
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
 * Reads UNIT_WORTH_EUR: `{"POL": "0.25"}`. Throws with the expected value, also for built-in
 * ceilings.
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
 * Assumed EUR worth of a unit, to limit risk: a `call` of `BUILT_IN_CEILINGS` is about EUR 1
 * million. Only a release changes them.
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

/** Converts at the built-in price, or at the price stated for the asset; null without a price. */
export function worthInEur(amount: Amount, stated: string | null = null): Amount | null {
  const currency = currencyOf(amount.asset);
  const builtIn = Object.hasOwn(REFERENCE_PRICES_EUR, currency)
    ? REFERENCE_PRICES_EUR[currency]
    : null;
  const price = builtIn ?? stated;
  if (price === null) return null;
  return Amount.of(amount.times(price).toString(), 'EUR.-');
}
