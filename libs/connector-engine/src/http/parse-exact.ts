const LONG_NUMBER = /[:[,]\s*-?\d{16,}/;

/** JSON.parse that reads whole numbers beyond 2^53 as text: venues' ids are int64, and a rounded id is another payment's. */
export function parseExact(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepLong) : JSON.parse(text);
}

/** The third argument is the literal's source text (ECMAScript 2026, in Node 24). */
function keepLong(_key: string, value: unknown, literal?: { source?: string }): unknown {
  return typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(literal?.source ?? '')
    ? literal?.source
    : value;
}
