/**
 * JSON.parse with a custom conversion of numbers by `read`. `read` also receives the literal's
 * source text (ECMAScript 2026, in Node 24).
 */
export function parseNumbers(
  text: string,
  read: (value: number, source: string) => unknown,
): unknown {
  return JSON.parse(text, (_key: string, value: unknown, literal?: { source?: string }) =>
    typeof value === 'number' ? read(value, literal?.source ?? String(value)) : value,
  );
}
