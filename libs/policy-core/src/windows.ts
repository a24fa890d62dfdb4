import { unreachable } from '@sluice/kernel';
import type { LimitRule, WindowName } from './rule.js';
import { offsetByRuntime, type OffsetOf } from './zones.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type WindowOf = Pick<LimitRule, 'window' | 'timeZone'>;

/**
 * Returns the start of the bucket of an instant. Instants are milliseconds since 1970. A calendar
 * day is named by the UTC midnight of its local date. A bucket is a sixtieth of an hour, an hour of
 * a day, and a day otherwise. Counters of PostgreSQL need the offsets of PostgreSQL.
 */
export function bucketOf(
  { window, timeZone }: WindowOf,
  at: number,
  offsetOf: OffsetOf = offsetByRuntime,
): number {
  switch (window) {
    case 'hour':
      return floor(at, MINUTE_MS);
    case 'day':
      return floor(at, HOUR_MS);
    case '30_days':
      return floor(at, DAY_MS);
    case 'calendar_day':
      return localDay(at, timeZone ?? 'UTC', offsetOf);
    case 'lifetime':
      return 0;
    default:
      return unreachable(window);
  }
}

/**
 * Returns the first bucket that counts at an instant. The oldest bucket of a rolling window counts
 * as a whole: a window never allows more, and frees an amount at most one bucket late.
 */
export function firstBucket(
  rule: WindowOf,
  at: number,
  offsetOf: OffsetOf = offsetByRuntime,
): number {
  return bucketOf(rule, at - (LENGTH_MS[rule.window] ?? 0), offsetOf);
}

/** Returns the instant at which a bucket no longer counts; null: never. */
export function endOfBucket(
  { window, timeZone }: WindowOf,
  bucket: number,
  offsetOf: OffsetOf = offsetByRuntime,
): number | null {
  switch (window) {
    case 'hour':
      return bucket + MINUTE_MS + HOUR_MS;
    case 'day':
      return bucket + HOUR_MS + DAY_MS;
    case '30_days':
      return bucket + DAY_MS + 30 * DAY_MS;
    case 'calendar_day':
      return endOfLocalDay(bucket, timeZone ?? 'UTC', offsetOf);
    case 'lifetime':
      return null;
    default:
      return unreachable(window);
  }
}

const LENGTH_MS: Readonly<Partial<Record<WindowName, number>>> = {
  hour: HOUR_MS,
  day: DAY_MS,
  '30_days': 30 * DAY_MS,
};

function floor(at: number, size: number): number {
  return Math.floor(at / size) * size;
}

/** Returns the local date of an instant, as the UTC midnight of the same date. */
function localDay(at: number, timeZone: string, offsetOf: OffsetOf): number {
  return floor(at + offsetOf(timeZone, at), DAY_MS);
}

/**
 * Returns the first instant after a local date, within two days of the UTC midnight because no
 * offset reaches a day. The search needs no rule for days of 23 or 25 hours, or without a midnight.
 */
function endOfLocalDay(day: number, timeZone: string, offsetOf: OffsetOf): number {
  let [before, after] = [day, day + 2 * DAY_MS];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDay(middle, timeZone, offsetOf) > day) after = middle;
    else before = middle;
  }
  return after;
}
