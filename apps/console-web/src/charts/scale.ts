/** Place of a value in a chart, in units of the drawing. */
interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

/** Returns a round number at or above the highest value, for the top of the axis. */
export function topOf(values: readonly number[]): number {
  const highest = Math.max(0, ...values);
  if (highest === 0) return 1;
  const step = 10 ** Math.floor(Math.log10(highest));
  const factor = [1, 2, 5, 10].find((one) => one * step >= highest) ?? 10;
  return factor * step;
}

/** Circle around the current point of a path. */
const CIRCLE = 'm-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0';

/** Lines of a chart: a path for each part without gaps, because a missing value is not zero. */
export function linePaths(points: readonly (ChartPoint | null)[]): readonly string[] {
  const paths: string[] = [];
  let current: string[] = [];
  for (const point of [...points, null]) {
    if (point !== null) {
      current.push(`${current.length === 0 ? 'M' : 'L'}${round(point.x)} ${round(point.y)}`);
      continue;
    }
    // A single value has no line: a small circle shows the value.
    if (current.length > 0)
      paths.push(current.length === 1 ? `${current[0]}${CIRCLE}` : current.join(''));
    current = [];
  }
  return paths;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
