import { Injectable } from '@nestjs/common';
import {
  differencesFrom,
  type FormCapabilities,
  type JudgementLimits,
  judgeRecord,
  type ListedWithdrawal,
  movedNothing,
  recordedText,
  type RecordVerdict,
  type TrackedSubmission,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import { Amount } from '@sluice/kernel';
import { InjectConfig } from '@sluice/service-shell';
import { type BreakToOpen, paidAfterAll } from '../breaks/open-breaks.js';
import type { CaseToOpen } from '../cases/open-cases.js';
import { eurWorth } from '../ceilings/ceilings.js';
import { InjectCapabilities } from '../tokens/tokens.js';

/** A submission accepted by the venue, now or earlier, with its reference there. */
export interface OpenSubmission extends TrackedSubmission {
  readonly venueReference: string;
  readonly clientReference: string;
  /** The venue's time before the first byte of the first attempt left, and before the last request left. */
  readonly firstSentAt: Date;
  readonly lastSentAt: Date;
  /** Milliseconds since acceptance, by the database's clock. */
  readonly acceptedForMs: number;
  /** True if the venue's records have listed this reference. */
  readonly wasListed: boolean;
  /** True if a person may decide, because the records never listed the submission. */
  readonly isUnlisted: boolean;
  /** True if two people decided an accepted submission was never paid; the hold was released. */
  readonly isTakenBack: boolean;
}

export interface JudgedRecord {
  readonly submission: OpenSubmission;
  readonly verdict: RecordVerdict;
  readonly cases: readonly CaseToOpen[];
  /** Breaks; the resulting halt lasts until a person has examined the case. */
  readonly breaks?: readonly BreakToOpen[];
  /** Set for a settlement whose record is read again, because the money may come back. */
  readonly readAgainMs?: number;
}

interface JudgementSettings {
  readonly refusalLookupAfterMs: number;
  readonly feeChangeMaxEur: number;
  readonly returnIntervalMs?: number;
}

const HOUR_MS = 3_600_000;

@Injectable()
export class RecordJudge {
  private readonly limits: JudgementLimits;
  private readonly returnIntervalMs: number;

  constructor(
    @InjectCapabilities() venue: Pick<VenueCapabilities, 'added' | 'forms'>,
    @InjectConfig()
    { refusalLookupAfterMs, feeChangeMaxEur, returnIntervalMs = HOUR_MS }: JudgementSettings,
  ) {
    const largest = Amount.of(String(feeChangeMaxEur), 'EUR.-');
    const isSmall = (difference: Amount): boolean => {
      const worth = eurWorth(venue, difference);
      return worth !== null && !largest.lessThan(worth);
    };
    const returnable = new Set(
      venue.forms.flatMap(({ form, returnable: bound }) => (bound === undefined ? [] : [form])),
    );
    this.limits = { listedWithinMs: refusalLookupAfterMs, isSmall, returnable };
    this.returnIntervalMs = returnIntervalMs;
  }

  get listedWithinMs(): number {
    return this.limits.listedWithinMs;
  }

  of(submission: OpenSubmission, record: ListedWithdrawal): JudgedRecord {
    const judged = judge(submission, record, this.limits);
    const isReadAgain =
      judged.verdict.kind === 'settled' && this.limits.returnable?.has(record.form) === true;
    return isReadAgain ? { ...judged, readAgainMs: this.returnIntervalMs } : judged;
  }
}

/**
 * Compares a record with the submission. A second record with our reference is a double payment,
 * unless our stored reference was never listed: then a person decides.
 */
function judge(
  submission: OpenSubmission,
  record: ListedWithdrawal,
  limits: JudgementLimits,
): JudgedRecord {
  const { withdrawalId, venueReference } = submission;
  const subject = `${withdrawalId} ${record.venueReference}`;
  if (submission.isTakenBack && !movedNothing(record))
    return {
      submission,
      verdict: { kind: 'nothing' },
      ...paidAfterAll(withdrawalId, 'decided_absent', {
        ...record,
        gross: recordedText(record.gross),
      }),
    };
  if (record.venueReference !== venueReference) {
    const said = `the venue has ${record.venueReference} (${record.venueStatus}, ${recordedText(record.gross)} ${record.currency}) under the reference of ${venueReference}`;
    if (!submission.wasListed) {
      const text = `${said}, which the venue has not listed: an operator must decide which record is the payment`;
      const cases = [{ withdrawalId, kind: 'other_reference', text }];
      return { submission, verdict: { kind: 'nothing' }, cases };
    }
    const kind = 'paid_twice' as const;
    const cases = [{ withdrawalId, kind, text: said }];
    return {
      submission,
      verdict: { kind: 'nothing' },
      cases,
      breaks: [{ kind, subject, withdrawalId, details: said }],
    };
  }
  const { verdict, cases } = judgeRecord(submission, record, limits);
  // The hold of a failed submission was released: a later payment is a loss.
  const breaking = cases.flatMap(({ kind, text: details }): BreakToOpen[] => {
    if (kind === 'contrary_after_end' && submission.state === 'failed')
      return [{ kind, subject, withdrawalId, details }];
    if (kind !== 'not_as_asked') return [];
    const isAmount = differencesFrom(submission, record).every((text) => text.includes('amount'));
    return [
      {
        kind: isAmount ? 'other_amount' : 'other_recipient',
        subject,
        withdrawalId,
        details,
        ...(isFaultOfAsset(record) && { asset: submission.amount.asset }),
      },
    ];
  });
  return {
    submission,
    verdict,
    cases: cases.map((found) => ({ withdrawalId, ...found })),
    breaks: breaking,
  };
}

function isFaultOfAsset({ status }: ListedWithdrawal): boolean {
  return status.kind === 'settled' && status.faultOf === 'asset';
}

export interface PollWindow {
  readonly from: Date;
  readonly to: Date;
  readonly members: readonly OpenSubmission[];
  /** Venue reference of an old submission, queried individually; null for a listing. */
  readonly single: string | null;
}

const GAP_MS = 30_000;
const MARGIN_MS = 60_000;
const OLD_MS = 120_000;
const FEW = 2;

/** Groups open submissions (oldest first) into windows without long gaps. `now`: venue time. */
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
  // A record may be made as long as the venue may act on the request.
  const end = last + (form.honoured?.forMs ?? form.absence.afterMs) + MARGIN_MS;
  return [{ from, to: new Date(Math.min(end, now.getTime())), members, single: null }];
}
