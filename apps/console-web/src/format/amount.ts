/** Parts of an exact decimal text. Joined without separators they are the text again. */
interface AmountParts {
  readonly sign: string;
  /** Digits before the point, in groups of three from the right. */
  readonly groups: readonly string[];
  /** Digits after the point, with the point; empty without. */
  readonly fraction: string;
}

const DECIMAL = /^(-?)(\d+)(\.\d+)?$/;

/** Splits an amount for display; null if the text is no plain decimal. */
export function amountParts(text: string): AmountParts | null {
  const [, sign = '', whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return null;
  const first = whole.length % 3;
  const groups = whole.slice(first).match(/\d{3}/g) ?? [];
  return { sign, groups: first === 0 ? groups : [whole.slice(0, first), ...groups], fraction };
}

/** Compares two exact decimal texts without computing numbers: negative, zero or positive. */
export function compareAmounts(one: string, other: string): number {
  const [a, b] = [DECIMAL.exec(one), DECIMAL.exec(other)];
  if (a === null || b === null) return one < other ? -1 : one > other ? 1 : 0;
  const [isNegative, otherIsNegative] = [isBelowZero(a), isBelowZero(b)];
  if (isNegative !== otherIsNegative) return isNegative ? -1 : 1;
  const size = compareSizes(a, b);
  return isNegative ? -size : size;
}

/**
 * Compares two shares, each a part of a whole above zero, without computing numbers: negative, zero
 * or positive.
 */
export function compareShares(
  [part, whole]: readonly [part: string, whole: string],
  [otherPart, otherWhole]: readonly [part: string, whole: string],
): number {
  const [a, b] = [unitsOf(part) * unitsOf(otherWhole), unitsOf(otherPart) * unitsOf(whole)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const DECIMALS = 40;

/** Amount in units of the smallest decimal; zero for a text that is no plain decimal. */
function unitsOf(text: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = DECIMAL.exec(text) ?? [];
  return BigInt(`${sign}${whole}${fraction.slice(1, DECIMALS + 1).padEnd(DECIMALS, '0')}`);
}

function isBelowZero([text, sign]: RegExpExecArray): boolean {
  return sign === '-' && /[1-9]/.test(text);
}

function compareSizes(a: RegExpExecArray, b: RegExpExecArray): number {
  const [wholeA, wholeB] = [a, b].map(([, , whole = '']) => whole.replace(/^0+/, ''));
  if (wholeA?.length !== wholeB?.length)
    return (wholeA?.length ?? 0) < (wholeB?.length ?? 0) ? -1 : 1;
  const [fractionA = '', fractionB = ''] = [a, b].map(([, , , fraction = '']) => fraction);
  const length = Math.max(fractionA.length, fractionB.length);
  const left = `${wholeA}${fractionA.padEnd(length, '0')}`.replace('.', '');
  const right = `${wholeB}${fractionB.padEnd(length, '0')}`.replace('.', '');
  const [x, y] = [left.padEnd(right.length, '0'), right.padEnd(left.length, '0')];
  return x < y ? -1 : x > y ? 1 : 0;
}
