/** Overlap of two readings. A record that is listed later is found by the deep reading. */
const OVERLAP_MS = 120_000;
/** Reach of a deep reading: the time for which a connector watches an ended payment. */
const DEEP_MS = 86_400_000;
/** Longest window of a request, to stay below the most pages of a window. */
const LONGEST_MS = 6 * 3_600_000;

interface Progress {
  readonly now: Date;
  /** End of the last complete reading, by the venue's clock; null before the first. */
  readonly readThrough: Date | null;
  /** Time of the oldest payment without a final state. */
  readonly oldestOpen: Date | null;
  readonly isDeep: boolean;
}

export interface ReadingWindow {
  readonly from: Date;
  readonly to: Date;
}

/** Returns the windows of the next reading, the oldest first. */
export function readingWindows({
  now,
  readThrough,
  oldestOpen,
  isDeep,
}: Progress): readonly ReadingWindow[] {
  const starts = [
    (readThrough ?? now).getTime() - OVERLAP_MS,
    ...(isDeep || readThrough === null ? [now.getTime() - DEEP_MS] : []),
    ...(oldestOpen === null ? [] : [oldestOpen.getTime() - OVERLAP_MS]),
  ];
  return windowsBetween(new Date(Math.min(...starts)), now);
}

/** Returns overlapping windows of a period, the oldest first. */
export function windowsBetween(begin: Date, now: Date): readonly ReadingWindow[] {
  const windows: ReadingWindow[] = [];
  for (let from = begin.getTime(); from < now.getTime(); from += LONGEST_MS - OVERLAP_MS)
    windows.push({
      from: new Date(from),
      to: new Date(Math.min(now.getTime(), from + LONGEST_MS)),
    });
  return windows;
}

/** Returns the overlapping halves of a window with too many pages, the oldest first; null for a short window. */
export function halvesOf({ from, to }: ReadingWindow): readonly ReadingWindow[] | null {
  const spanMs = to.getTime() - from.getTime();
  if (spanMs < 4 * OVERLAP_MS) return null;
  const middleMs = from.getTime() + spanMs / 2;
  return [
    { from, to: new Date(middleMs + OVERLAP_MS / 2) },
    { from: new Date(middleMs - OVERLAP_MS / 2), to },
  ];
}
