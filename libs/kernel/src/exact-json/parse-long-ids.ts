import { parseNumbers } from './parse-numbers.js';

const LONG_NUMBER = /[:[,]\s*-?\d{16,}/;

/** JSON.parse that reads whole numbers beyond 2^53 as text: ids of others are int64, and a rounded id is another payment's. */
export function parseLongIds(text: string): unknown {
  return LONG_NUMBER.test(text) ? parseNumbers(text, keepLong) : JSON.parse(text);
}

function keepLong(value: number, source: string): unknown {
  return !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value;
}
