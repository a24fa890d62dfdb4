import { unreachable } from '@sluice/kernel';
import type { LimitRule, WindowName } from './rule.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type WindowOf = Pick<LimitRule, 'window' | 'timeZone'>;

/**
 * Start of an instant's bucket, in ms since 1970: a sixtieth of an hour, an hour of a day,
 * otherwise a day. A calendar day is the UTC midnight of its local date, by PostgreSQL's offsets.
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
 * First bucket that counts. The oldest counts whole: a window never allows more, and frees late by
 * one bucket at most.
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

/** First instant after a local date, found without a rule for days of 23 or 25 hours. */
function endOfLocalDay(day: number, timeZone: string, offsetOf: OffsetOf): number {
  let [before, after] = [day, day + 2 * DAY_MS];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDay(middle, timeZone, offsetOf) > day) after = middle;
    else before = middle;
  }
  return after;
}

/** Returns the milliseconds that the local time of a zone is ahead of UTC at an instant. */
export type OffsetOf = (timeZone: string, at: number) => number;

/** Offset of a zone from an instant on, both in milliseconds. */
export interface Transition {
  readonly from: number;
  readonly offset: number;
}

/** Transitions of zones in ascending order; the first one is the offset at the begin of the table. */
export type ZoneTable = ReadonlyMap<string, readonly Transition[]>;

/** Reads offsets from a table. Throws for a zone that the table does not have. */
export function offsetByTable(table: ZoneTable): OffsetOf {
  return (timeZone, at) => {
    const transitions = table.get(timeZone) ?? [];
    const current = transitions.findLast(({ from }) => from <= at) ?? transitions[0];
    if (!current) throw new Error(`the table of zones lacks ${timeZone}`);
    return current.offset;
  };
}

/** Transitions between two instants, to the minute, except changes undone within 24 hours. */
export function transitionsOf(
  timeZone: string,
  [from, until]: readonly [number, number],
  offsetOf: OffsetOf,
): readonly Transition[] {
  let offset = offsetOf(timeZone, from);
  const transitions: Transition[] = [{ from, offset }];
  for (let at = from + DAY_MS; at <= until; at += DAY_MS) {
    const next = offsetOf(timeZone, at);
    if (next === offset) continue;
    let [before, after] = [at - DAY_MS, at];
    while (after - before > MINUTE_MS) {
      const middle = Math.floor((before + after) / 2 / MINUTE_MS) * MINUTE_MS;
      if (offsetOf(timeZone, middle) === next) after = middle;
      else before = middle;
    }
    transitions.push({ from: after, offset: (offset = next) });
  }
  return transitions;
}

/** Returns the first instant at which two lists of transitions have different offsets, or null. */
export function firstDifference(
  one: readonly Transition[],
  other: readonly Transition[],
): number | null {
  const [first, second] = [one, other].map((list) => offsetByTable(new Map([['', list]])));
  const instants = [...one, ...other].map(({ from }) => from).sort((a, b) => a - b);
  return instants.find((at) => first?.('', at) !== second?.('', at)) ?? null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Offsets of the JavaScript runtime. Throws for an unknown zone. */
export const offsetByRuntime: OffsetOf = (timeZone, at) => {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(at / 1000) * 1000;
};
