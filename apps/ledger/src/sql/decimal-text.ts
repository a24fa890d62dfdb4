const PLAIN = /^(-?)(\d+)(?:\.(\d*))?$/;

/**
 * Returns the exact sum of two PostgreSQL numerics of any length, in the shortest text. Returns
 * `NaN` if a value is no finite number. Never throws: a single corrupt row must not end a report on
 * the whole book.
 */
export function addDecimals(a: string, b: string): string {
  const [left, right] = [PLAIN.exec(a), PLAIN.exec(b)];
  if (!left || !right) return 'NaN';
  const scale = Math.max(left[3]?.length ?? 0, right[3]?.length ?? 0);
  return textOf(unitsOf(left, scale) + unitsOf(right, scale), scale);
}

export function negateDecimal(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

function unitsOf([, sign, whole = '', decimals = '']: RegExpExecArray, scale: number): bigint {
  const units = BigInt(whole + decimals.padEnd(scale, '0'));
  return sign ? -units : units;
}

function textOf(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const [whole, decimals] = [digits.slice(0, digits.length - scale), digits.slice(-scale)];
  const shortest = scale === 0 ? '' : decimals.replace(/(?<!0)0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${shortest && `.${shortest}`}`;
}
