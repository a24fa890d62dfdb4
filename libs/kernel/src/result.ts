/**
 * Result of a rule with possible refusal: a value, or a refusal for the caller to handle. Faults
 * are thrown instead.
 */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refuse<E>(refusal: E): { readonly ok: false; readonly refusal: E } {
  return { ok: false, refusal };
}

/**
 * Ends every `switch` on a union. A case added later fails to compile; at run time the error shows
 * the unexpected value.
 */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}
