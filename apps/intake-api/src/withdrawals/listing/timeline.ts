import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, TextField } from '@sluice/http-api';
import { ok, type Result } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import {
  cancelOutcome,
  PUBLIC_VIEW,
  type PublicStatus,
  REASON_SENTENCES,
  reasonCodeOf,
  refusalCodeOf,
  type RouteDecision,
  type State,
  type Trigger,
  type Withdrawal,
} from '@sluice/withdrawal-core';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../../http/deadline.js';
import { restTime } from '../../http/rest-time.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { WithdrawalRefusal } from '../answers/refusal-response.js';
import {
  BLOCK_NUMBER,
  CONFIRMATIONS,
  inBlock,
  NULLABLE_TEXT,
  NULLABLE_TIME,
  STATUSES,
} from '../answers/withdrawal.dto.js';
import { waitingText } from '../waiting/waits-for.js';
import { ShowWithdrawal } from './show-withdrawal.js';

interface Timeline {
  readonly stored: StoredWithdrawal;
  readonly steps: readonly TimelineStepDto[];
}

/** `GET /v1/withdrawals/{id}/timeline`: returns the steps of a withdrawal. */
@Injectable()
export class ShowTimeline {
  constructor(
    private readonly database: Database,
    private readonly showWithdrawal: ShowWithdrawal,
  ) {}

  /** Throws DeadlineError if the database is slow. */
  async run(number: string, accountId: string): Promise<Result<Timeline, WithdrawalRefusal>> {
    const shown = await this.showWithdrawal.run(number, accountId);
    if (!shown.ok) return shown;
    const { withdrawal } = shown.value;
    const looking = this.database.query<RecordedStep>(
      'SELECT to_state AS "to", trigger, detail, decision, at FROM withdrawal_step WHERE withdrawal_id = $1 ORDER BY sequence',
      [withdrawal.order.id],
    );
    const waiting = this.database.query<{ waits: string | null }>(
      'SELECT waits_for AS waits FROM withdrawal WHERE id = $1',
      [withdrawal.order.id],
    );
    const found = Promise.all([looking, waiting]);
    const [steps, [row]] = await withDeadline(found, LOOK_UP_WITHIN_MS, 'unavailable');
    return ok({ stored: shown.value, steps: timelineOf(withdrawal, steps, row?.waits ?? null) });
  }
}

export interface RecordedStep {
  readonly to: State;
  readonly trigger: Trigger | 'requested';
  /** Reporter's words; the words of venues and operators are shown only in admin views. */
  readonly detail: string | null;
  readonly decision: RouteDecision | null;
  readonly at: Date;
}

interface StepFacts {
  readonly venue: string;
  /** The step ends the wait for an approval. */
  readonly waited: boolean;
  /** Venue before this step; in a fail-over the refusing venue. */
  readonly before: string;
  readonly detail: string | null;
  readonly blockNumber: string | null;
}

/** Evidence of each step for customers, without the venue's words, references and our own money. */
const EVIDENCE: Readonly<Record<RecordedStep['trigger'], (facts: StepFacts) => string>> = {
  requested: ({ venue }) => `It is on record, and ${venue} is to pay it`,
  hold_placed: ({ waited }) =>
    waited ? 'It was approved' : 'The ledger has reserved amount and fee',
  approval_asked: () => 'The ledger has reserved amount and fee, and people have to approve it',
  approval_ended: ({ detail }) =>
    `The ledger has given back what was reserved: ${reasonOf(detail)}`,
  hold_refused: ({ detail }) => `The ledger has reserved nothing: ${reasonOf(detail)}`,
  rerouted: ({ before, venue }) =>
    `${before} has refused it, which proves that nothing was paid; ${venue} gets it`,
  assignment_refused: ({ venue, detail }) =>
    `The ledger has given back what was reserved, and ${venue} does not get it: ${reasonOf(detail)}`,
  accepted: ({ venue }) => `${venue} has taken it on`,
  outcome_unknown: ({ venue }) =>
    `What ${venue} answered was lost; its records are searched, and nothing is sent again without a proof`,
  decision_needed: ({ venue }) =>
    `The records of ${venue} do not prove its outcome; one of our operators decides, with evidence`,
  broadcast: ({ venue }) => `${venue} has sent it to the chain`,
  settled: ({ venue, blockNumber }) =>
    blockNumber === null
      ? `${venue} has paid it: its record shows the amount and the recipient`
      : `${venue} has paid it: block ${blockNumber} has the transfer, and is final`,
  refused: ({ venue, detail }) =>
    `${venue} has paid nothing of it: ${REASON_SENTENCES[refusalCodeOf(wordOf(detail))]}`,
  failed: ({ venue, detail }) =>
    `${venue} had taken it on and has not paid it: ${reasonOf(detail)}`,
  cancelled: ({ venue }) => `${venue} has stopped it, and nothing of it was paid`,
  withdrawn: () => 'It was called off while no venue could pay it',
  hold_captured: () => 'The ledger has booked amount and fee',
  hold_released: () => 'The ledger has given back what was reserved',
  returned: ({ venue }) => `The payment came back to ${venue}`,
  return_booked: () => 'The ledger has credited the amount that came back; the fee stays charged',
};

/**
 * History for the customer, oldest first, with the cancel request. The last step has no time while
 * another cause than the queue holds the order.
 */
export function timelineOf(
  withdrawal: Withdrawal,
  recorded: readonly RecordedStep[],
  waits: string | null = null,
): TimelineStepDto[] {
  let venue = withdrawal.order.venue;
  const steps = recorded.map(({ to, trigger, detail, decision, at }, index) => {
    const before = venue;
    venue = decision?.venue ?? venue;
    const onChain = trigger === 'broadcast' || trigger === 'settled';
    return {
      moment: at,
      event: trigger,
      ...PUBLIC_VIEW[to],
      evidence: EVIDENCE[trigger]({
        venue,
        waited: recorded[index - 1]?.to === 'awaiting_approval',
        before,
        detail,
        blockNumber: withdrawal.blockNumber,
      }),
      venue,
      tx_hash: onChain ? detail : null,
      ...inBlock(trigger === 'settled' ? withdrawal : NOWHERE),
    };
  });
  const past = withCancel(withdrawal, steps).map(({ moment, ...step }) => ({
    at: restTime(moment),
    ...step,
  }));
  return [...past, ...presentWait(withdrawal, waits)];
}

/** What holds the order at its venue now: a step without a time. */
function presentWait(withdrawal: Withdrawal, waits: string | null): TimelineStepDto[] {
  const evidence = waitingText('customer', withdrawal, waits);
  if (evidence === null) return [];
  const { state, venue } = withdrawal;
  const now = { at: null, event: 'waiting', ...PUBLIC_VIEW[state], evidence, venue };
  return [{ ...now, tx_hash: null, ...inBlock(NOWHERE) }];
}

const NOWHERE = { confirmations: null, blockNumber: null };

type Step = Omit<TimelineStepDto, 'at'> & { readonly moment: Date };

function withCancel(withdrawal: Withdrawal, steps: readonly Step[]): readonly Step[] {
  const { cancel } = withdrawal;
  const first = steps[0];
  if (cancel === null || first === undefined) return steps;
  const later = steps.findIndex(({ moment }) => moment > cancel.requestedAt);
  const place = later === -1 ? steps.length : later;
  const { status, stage, venue } = steps[place - 1] ?? first;
  const message = cancelOutcome(withdrawal)?.message ?? null;
  const asked = {
    moment: cancel.requestedAt,
    event: 'cancel_requested',
    status,
    stage,
    evidence: message === null ? 'You asked to cancel it' : `You asked to cancel it. ${message}`,
    venue,
    tx_hash: null,
    ...inBlock(NOWHERE),
  };
  return [...steps.slice(0, place), asked, ...steps.slice(place)];
}

function reasonOf(detail: string | null): string {
  return REASON_SENTENCES[reasonCodeOf(wordOf(detail))];
}

/** The reason before the words of the venue. */
function wordOf(detail: string | null): string {
  return detail?.split(':', 1)[0] ?? '';
}

/** Step of a withdrawal: time, resulting state and evidence. */
export class TimelineStepDto {
  @ApiProperty(NULLABLE_TIME) at!: string | null;
  @ApiProperty({ description: 'fact of the step. New values may appear' }) event!: string;
  @ChoiceField(STATUSES) status!: PublicStatus;
  @ApiProperty({ description: 'pending condition after the step' }) stage!: string;
  @TextField({ max: 1_000 }, { description: 'text for people; the wording may change' })
  evidence!: string;
  @TextField({}, { description: 'venue after the step' }) venue!: string;
  @ApiProperty(NULLABLE_TEXT) tx_hash!: string | null;
  @ApiProperty(CONFIRMATIONS) confirmations!: number | null;
  @ApiProperty(BLOCK_NUMBER) block_number!: number | null;
}
