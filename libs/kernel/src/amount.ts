import { Decimal } from 'decimal.js';

// 80 digits hold the sum of two numbers of 38 + 30 digits, without exponent; decimal.js would
// silently round to 20.
const Exact = Decimal.clone({
  precision: 80,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -80,
  toExpPos: 80,
});

/** Most digits before the point in a request: a hundred billion such amounts add up. */
export const MAX_WHOLE_DIGITS = 24;
export const MAX_DECIMALS = 30;

/** Regular expression of `isDecimalText`, for schemas. */
export const AMOUNT_PATTERN = `^[0-9]{1,${MAX_WHOLE_DIGITS}}(\\.[0-9]{1,${MAX_DECIMALS}})?$`;
const AMOUNT_TEXT = new RegExp(AMOUNT_PATTERN);
const READABLE = /^-?[0-9]{1,38}(\.[0-9]{1,30})?$/;

/** Plain decimal digits of external input, at most 24 before the point and 30 after. */
export function isDecimalText(text: unknown): text is string {
  return typeof text === 'string' && AMOUNT_TEXT.test(text);
}

const TOO_LARGE = new Exact(10).pow(MAX_WHOLE_DIGITS);

export class Amount {
  private constructor(
    private readonly value: Decimal,
    readonly asset: Asset,
  ) {}

  /** Reads decimal text of up to 38 digits before the point: wider than any edge takes, for sums. A leading minus is allowed because postings have one. */
  static of(text: string, asset: Asset): Amount {
    if (!READABLE.test(text)) throw new Error(`not a decimal amount: ${text}`);
    return new Amount(new Exact(text), asset);
  }

  static zero(asset: Asset): Amount {
    return new Amount(new Exact(0), asset);
  }

  plus(other: Amount): Amount {
    return new Amount(this.value.plus(this.same(other)), this.asset);
  }

  minus(other: Amount): Amount {
    return new Amount(this.value.minus(this.same(other)), this.asset);
  }

  negated(): Amount {
    return new Amount(this.value.negated(), this.asset);
  }

  /** Returns `percent` of this amount, exact. The caller rounds. */
  percent(percent: string): Amount {
    return new Amount(this.value.times(new Exact(percent)).dividedBy(100), this.asset);
  }

  times(factor: string): Amount {
    return new Amount(this.value.times(new Exact(factor)), this.asset);
  }

  /** Quotient to 80 digits, for the caller to round. Throws for zero. */
  dividedBy(divisor: string): Amount {
    const by = new Exact(divisor);
    if (by.isZero()) throw new Error('nothing can be divided by zero');
    return new Amount(this.value.dividedBy(by), this.asset);
  }

  /** Rounds away from zero to `decimals` places: a fee never loses the last unit. */
  roundedUp(decimals: number): Amount {
    return new Amount(this.value.toDecimalPlaces(decimals, Decimal.ROUND_UP), this.asset);
  }

  /** Toward zero to `decimals` places. */
  roundedDown(decimals: number): Amount {
    return new Amount(this.value.toDecimalPlaces(decimals, Decimal.ROUND_DOWN), this.asset);
  }

  decimals(): number {
    return this.value.decimalPlaces();
  }

  lessThan(other: Amount): boolean {
    return this.value.lessThan(this.same(other));
  }

  equals(other: Amount): boolean {
    return this.value.equals(this.same(other));
  }

  /** Compares two amounts of the same currency on any networks. Throws if the currencies differ. */
  equalsInCurrency(other: Amount): boolean {
    if (currencyOf(other.asset) !== currencyOf(this.asset))
      throw new Error(`cannot mix ${this.asset} and ${other.asset}`);
    return this.value.equals(other.value);
  }

  restatedIn(asset: Asset): Amount {
    return new Amount(this.value, asset);
  }

  isZero(): boolean {
    return this.value.isZero();
  }

  isNegative(): boolean {
    return this.value.isNegative() && !this.value.isZero();
  }

  isPositive(): boolean {
    return this.value.isPositive() && !this.value.isZero();
  }

  /** More than any message can carry. */
  isTooLarge(): boolean {
    return this.value.abs().greaterThanOrEqualTo(TOO_LARGE);
  }

  /** Shortest exact text: no exponent, no trailing zeros. */
  toString(): string {
    return this.value.isZero() ? '0' : this.value.toFixed();
  }

  /** Text padded to `decimals` places. Throws if a digit would be lost. */
  toFixed(decimals: number): string {
    if (this.value.decimalPlaces() > decimals)
      throw new Error(`${this.value.toFixed()} has more than ${decimals} decimals`);
    return this.value.toFixed(decimals);
  }

  toJSON(): string {
    return this.toString();
  }

  private same(other: Amount): Decimal {
    if (other.asset !== this.asset) throw new Error(`cannot mix ${this.asset} and ${other.asset}`);
    return other.value;
  }
}

/** A currency on a network, e.g. `USDT.ETH`: the unit of balances. */
export type Asset = `${string}.${string}`;

const PART = /^[A-Z0-9_-]{1,32}$/;
export const ASSET_PATTERN = '^[A-Z0-9_-]{1,32}\\.[A-Z0-9_-]{1,32}$';
const ASSET = new RegExp(ASSET_PATTERN);

/** Builds an asset from upper-case parts. Throws when a part has other characters than `A-Z`, `0-9`, `_` and `-`, or more than 32. */
export function assetOf(currency: string, network: string): Asset {
  if (!PART.test(currency) || !PART.test(network))
    throw new Error(`not an asset: ${currency}.${network}`);
  return `${currency}.${network}`;
}

export function isAsset(text: unknown): text is Asset {
  return typeof text === 'string' && ASSET.test(text);
}

export function currencyOf(asset: Asset): string {
  return asset.slice(0, asset.indexOf('.'));
}

export function networkOf(asset: Asset): string {
  return asset.slice(asset.indexOf('.') + 1);
}

/** Codes in any case of their letters. ASCII only: elsewhere other signs have the same capitals, and `uſdt` is not USDT. */
export function upperCase(code: string): string {
  return code.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Converts only ASCII letters, like `upperCase`. */
export function lowerCase(code: string): string {
  return code.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
