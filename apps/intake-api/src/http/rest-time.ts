/**
 * REST times look like `2026-05-16T22:00:00+00:00`; times in the webhook envelope have another
 * format.
 */
export function restTime(at: Date): string;
export function restTime(at: Date | null): string | null;
export function restTime(at: Date | null): string | null {
  return at === null ? null : `${at.toISOString().slice(0, 19)}+00:00`;
}
