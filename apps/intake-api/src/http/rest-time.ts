/** Format of the contract's REST times: `2026-05-16T22:00:00+00:00`. */
export function restTime(at: Date): string;
export function restTime(at: Date | null): string | null;
export function restTime(at: Date | null): string | null {
  return at === null ? null : `${at.toISOString().slice(0, 19)}+00:00`;
}

/** Formats the times of an answer. `names` has the property of the value by field of the answer. */
export function restTimes<F extends string, P extends string>(
  names: Readonly<Record<F, P>>,
  valueOf: (property: P) => Date | null,
): Record<F, string | null> {
  const fields = Object.entries(names) as [F, P][];
  return Object.fromEntries(
    fields.map(([field, property]) => [field, restTime(valueOf(property))]),
  ) as Record<F, string | null>;
}
