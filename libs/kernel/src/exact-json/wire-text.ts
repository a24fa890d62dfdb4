/** Text of a field read by `parseWireJson`: ids and codes come as text or as number. Other values are empty. */
export function wireText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}
