/** Decimals of the native coin of every EVM chain, and of a gwei. */
export const NATIVE_DECIMALS = 18;
const GWEI_DECIMALS = 9;

/**
 * Converts decimal text to a whole number of the smallest units. Null for malformed text or too
 * many decimals; never rounds.
 */
export function unitsOf(text: string, decimals: number): bigint | null {
  const [, whole = '', part = ''] = /^(\d{1,78})(?:\.(\d{1,78}))?$/.exec(text) ?? [];
  if (whole === '' || part.length > decimals) return null;
  return BigInt(whole + part.padEnd(decimals, '0'));
}

/** The smallest units as decimal text, without zeros behind. */
export function textOf(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  const [whole, part] = [digits.slice(0, digits.length - decimals), digits.slice(-decimals)];
  const trimmed = decimals === 0 ? '' : part.replace(/(?<!0)0+$/, '');
  return trimmed === '' ? whole : `${whole}.${trimmed}`;
}

/** Wei; null as `unitsOf`. */
export function weiOfGwei(gwei: string): bigint | null {
  return unitsOf(gwei, GWEI_DECIMALS);
}
