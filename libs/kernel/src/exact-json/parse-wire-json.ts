import { isSameDecimal } from './decimal-digits.js';
import { parseNumbers } from './parse-numbers.js';

/** A number with more digits than a double holds, or with an exponent. */
const PERHAPS_CHANGED = /(?:^|[:[,])\s*-?(?=[\d.]{16}|[\d.]+[eE])/;

/**
 * JSON.parse for answers of others. A number that a double would change is kept as source text: a
 * rounded id is another payment's, and a rounded amount is another amount. Every other number stays
 * a number, so that `wireText` returns each number's exact value.
 */
export function parseWireJson(text: string): unknown {
  return PERHAPS_CHANGED.test(text) ? parseNumbers(text, keepExact) : JSON.parse(text);
}

function keepExact(value: number, source: string): unknown {
  return isSameDecimal(String(value), source) && !isUnsafeInteger(value) ? value : source;
}

/** A whole number beyond 2^53 is printed exactly by chance only; calculations with it are not exact. */
function isUnsafeInteger(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
}
