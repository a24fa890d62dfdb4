import { Decimal } from 'decimal.js';
import { currencyOf, type Asset } from './asset.js';

// 80 digits hold the sum of any two numbers of 38 + 30 digits; decimal.js rounds to 20 by default, silently. Nothing here may be
// written with an exponent.
const Exact = Decimal.clone({
  precision: 80,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -80,
  toExpPos: 80,
});

/** Digits before the point of an amount that somebody may name. Sums of a hundred billion such amounts are still read by `Amount.of`. */
export const MAX_WHOLE_DIGITS = 24;
export const MAX_DECIMALS = 30;

/** As `isDecimalText` takes it, for those who describe it. */
export const AMOUNT_PATTERN = `^[0-9]{1,${MAX_WHOLE_DIGITS}}(\\.[0-9]{1,${MAX_DECIMALS}})?$`;
const AMOUNT_TEXT = new RegExp(AMOUNT_PATTERN);
const READABLE = /^-?[0-9]{1,38}(\.[0-9]{1,30})?$/;

/** What every edge takes: plain decimal digits without sign, exponent, blanks or separators, at most 24 before the point and 30 after it. */
export function isDecimalText(text: unknown): text is string {
  return typeof text === 'string' && AMOUNT_TEXT.test(text);
}

const TOO_LARGE = new Exact(10).pow(MAX_WHOLE_DIGITS);

/** An exact quantity of one asset. Immutable; arithmetic between different assets throws. */
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

  /** `percent` of this amount, exact; round where the rule says how. */
  percent(percent: string): Amount {
    return new Amount(this.value.times(new Exact(percent)).dividedBy(100), this.asset);
  }

  /** So many times this amount, by a factor as decimal text, exact. */
  times(factor: string): Amount {
    return new Amount(this.value.times(new Exact(factor)), this.asset);
  }

  /** This amount by a divisor as decimal text, to 80 digits; round where the rule says how. Throws for zero. */
  dividedBy(divisor: string): Amount {
    const by = new Exact(divisor);
    if (by.isZero()) throw new Error('nothing can be divided by zero');
    return new Amount(this.value.dividedBy(by), this.asset);
  }

  /** Away from zero to `decimals` places: a fee never loses its last unit. */
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

  /** As much of the same currency, whatever networks the two name. Throws when the currencies differ. */
  equalsInCurrency(other: Amount): boolean {
    if (currencyOf(other.asset) !== currencyOf(this.asset))
      throw new Error(`cannot mix ${this.asset} and ${other.asset}`);
    return this.value.equals(other.value);
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

  /** Text padded to `decimals` places. Throws rather than drop a digit. */
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
