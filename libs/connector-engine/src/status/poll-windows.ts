import type { FormCapabilities } from '@sluice/connector-rules';
import type { OpenSubmission } from './judgement.js';

/** Submissions covered by a single window of the venue's listing, in venue time. */
export interface PollWindow {
  readonly from: Date;
  readonly to: Date;
  readonly members: readonly OpenSubmission[];
  /**
   * Venue reference of an old submission to be queried individually, because a listing would
   * contain mostly other records; null for a listing.
   */
  readonly single: string | null;
}

const GAP_MS = 30_000;
const MARGIN_MS = 60_000;
const OLD_MS = 120_000;
const FEW = 2;

/**
 * Groups open submissions (oldest first) into windows without long gaps: old submissions must not
 * lengthen the listing. `now`: venue time.
 */
export function pollWindows(
  form: FormCapabilities,
  open: readonly OpenSubmission[],
  now: Date,
): PollWindow[] {
  const groups: OpenSubmission[][] = [];
  for (const submission of open) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && submission.firstSentAt.getTime() - last.lastSentAt.getTime() <= GAP_MS)
      group.push(submission);
    else groups.push([submission]);
  }
  return groups.flatMap((members) => windowsOf(form, members, now));
}

function windowsOf(
  form: FormCapabilities,
  members: readonly OpenSubmission[],
  now: Date,
): PollWindow[] {
  const first = Math.min(...members.map(({ firstSentAt }) => firstSentAt.getTime()));
  const last = Math.max(...members.map(({ lastSentAt }) => lastSentAt.getTime()));
  const from = new Date(first - MARGIN_MS);
  const isOld = now.getTime() - last > OLD_MS;
  if (isOld && members.length <= FEW)
    return members.map((one) => ({ from, to: now, members: [one], single: one.venueReference }));
  // A record may be made as long as the venue may act on the request: the window of a young group
  // ends at the present.
  const end = last + (form.honoured?.forMs ?? form.absence.afterMs) + MARGIN_MS;
  return [{ from, to: new Date(Math.min(end, now.getTime())), members, single: null }];
}
