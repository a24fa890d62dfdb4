import type { FormCapabilities, VenueSpan } from '@sluice/connector-rules';

/** Venue time before the first byte of the first attempt, and before the last request. */
export interface SentAt {
  readonly firstSentAt: Date;
  readonly lastSentAt: Date;
}

interface ReturnWindow<M> extends VenueSpan {
  readonly members: readonly M[];
}

const DAY_MS = 86_400_000;
const MARGIN_MS = 60_000;

/**
 * Groups settled payments into windows of the venue's listing. A venue that lists records by
 * recipient needs one window: its listing ends at the oldest payment. Any other venue lists a day
 * at a time.
 */
export function returnWindows<M extends SentAt>(
  form: Pick<FormCapabilities, 'listedPerRecipient' | 'honoured' | 'absence'>,
  settled: readonly M[],
  now: Date,
): ReturnWindow<M>[] {
  const groups = Object.values(
    Object.groupBy(settled, ({ firstSentAt }) =>
      form.listedPerRecipient === true ? 'all' : String(Math.floor(firstSentAt.getTime() / DAY_MS)),
    ),
  );
  return groups.flatMap((members = []) => {
    const first = Math.min(...members.map(({ firstSentAt }) => firstSentAt.getTime()));
    const last = Math.max(...members.map(({ lastSentAt }) => lastSentAt.getTime()));
    const end = last + (form.honoured?.forMs ?? form.absence.afterMs) + MARGIN_MS;
    return [
      { from: new Date(first - MARGIN_MS), to: new Date(Math.min(end, now.getTime())), members },
    ];
  });
}
