/**
 * Formats an array of plain values as a PostgreSQL array literal. The driver escapes every value
 * letter by letter. Native JSON quoting gives the same text if no character needs escaping. Returns
 * every other parameter unchanged, for the driver to format.
 */
export function arrayLiteral(param: unknown): unknown {
  if (!Array.isArray(param) || !param.every(isPlain)) return param;
  const json = JSON.stringify(param);
  return json.includes('\\') ? param : `{${json.slice(1, -1)}}`;
}

function isPlain(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    value === null ||
    typeof value === 'boolean' ||
    Number.isFinite(value)
  );
}
