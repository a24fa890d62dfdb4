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

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Returns the transitions between two instants, to the minute. An offset that changes and returns
 * within 24 hours is not seen.
 */
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
