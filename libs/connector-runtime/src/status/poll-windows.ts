import type { OpenSubmission } from './open-submissions.js';

/** Submissions that one stretch of the venue's listing covers. */
export interface PollWindow {
  readonly from: Date;
  readonly to: Date;
  readonly members: readonly OpenSubmission[];
  /** Ask for this one by its own reference instead: it is old, and a listing would be mostly of others. */
  readonly single: string | null;
}

const GAP_MS = 30_000;
const MARGIN_MS = 5_000;
const OLD_MS = 60_000;
const FEW = 2;

/** Groups open submissions (oldest first) into stretches of time without long gaps, so that old ones do not make the listing long. */
export function pollWindows(open: readonly OpenSubmission[], now: Date): PollWindow[] {
  const groups: OpenSubmission[][] = [];
  for (const submission of open) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && submission.submittedAt.getTime() - last.submittedAt.getTime() <= GAP_MS) group.push(submission);
    else groups.push([submission]);
  }
  return groups.flatMap((members) => windowsOf(members, now));
}

function windowsOf(members: readonly OpenSubmission[], now: Date): PollWindow[] {
  const first = members[0];
  const last = members.at(-1);
  if (!first || !last) return [];
  const from = new Date(first.submittedAt.getTime() - MARGIN_MS);
  const isOld = now.getTime() - last.submittedAt.getTime() > OLD_MS;
  if (isOld && members.length <= FEW) return members.map((one) => ({ from, to: now, members: [one], single: one.venueReference }));
  // A record is made between our submit and the venue's answer, so a young group is open to the present.
  const to = isOld ? new Date(Math.max(last.acceptedAt.getTime(), last.submittedAt.getTime()) + MARGIN_MS) : new Date(now.getTime() + MARGIN_MS);
  return [{ from, to, members, single: null }];
}
