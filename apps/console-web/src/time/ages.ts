const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Formats a duration with at most two units, for example `2 h 10 min`. */
export function durationText(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return twoUnits(ms, HOUR, 'h', MINUTE, 'min');
  return twoUnits(ms, DAY, 'd', HOUR, 'h');
}

function twoUnits(ms: number, large: number, name: string, small: number, other: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${name}${rest === 0 ? '' : ` ${rest} ${other}`}`;
}

/** Formats an instant relative to now: `5 min ago`, `in 2 h`, or `now`. */
export function relativeText(instant: string, nowMs: number): string {
  const distance = nowMs - Date.parse(instant);
  if (Number.isNaN(distance)) return '';
  if (Math.abs(distance) < SECOND) return 'now';
  return distance > 0 ? `${durationText(distance)} ago` : `in ${durationText(-distance)}`;
}

/** Formats an instant in UTC, for example `2026-11-30 14:05:09 UTC`; an unreadable text stays as it is. */
export function utcText(instant: string, withMilliseconds = false): string {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return instant;
  const text = new Date(ms).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, withMilliseconds ? 23 : 19)} UTC`;
}
