import { type Amount, ok, refuse, type Result, unreachable } from '@sluice/kernel';
import {
  chooseVenue,
  decisionOf,
  describeDecision,
  FAIL_OVER_REASONS,
  type Choice,
  type RouteDecision,
  type Venue,
} from './choose-venue.js';
import {
  deadlineOf,
  earlier,
  movedTo,
  type PolicyRefusal,
  type ReasonCode,
  reasonCodeOf,
  refusalCodeOf,
  RELEASE_CANCELLED,
  type SagaCommand,
  type Withdrawal,
} from './withdrawal.js';
import { notifiedBeforeRestore } from './notified-before-restore.js';
import { next, type IllegalTransition, type State, type Trigger } from './withdrawal-states.js';

/** Fact reported by the ledger or a venue, in the terms of this library. */
export type Fact =
  /** `until`: end of the ledger's receipt for the venue; null if the ledger reports no end. */
  | { trigger: 'hold_placed'; until?: Date | null }
  /** `groups`: groups of approvers; `expiresAt`: end of the time to decide. */
  | { trigger: 'approval_asked'; groups: string; expiresAt: Date }
  /** The ledger has released the hold. */
  | { trigger: 'approval_ended'; reason: string }
  | { trigger: 'hold_refused'; reason: string; policyRefusal?: PolicyRefusal | undefined }
  | { trigger: 'accepted'; venueReference: string; txHash: string | null }
  | { trigger: 'refused' | 'cancelled' | 'failed'; reason: string; message: string }
  | { trigger: 'outcome_unknown' | 'decision_needed'; cause: string }
  | { trigger: 'broadcast'; txHash: string }
  | {
      trigger: 'settled';
      txHash: string | null;
      venueFee: Amount | null;
      confirmations?: number | undefined;
      blockNumber?: string | undefined;
    }
  | {
      trigger: 'hold_captured';
      /** The venue's fee booked by the ledger with the capture; null or absent: none. */
      venueFee?: Amount | null;
    }
  | { trigger: 'hold_released' }
  /** `amount`: back at the venue. */
  | { trigger: 'returned'; amount: Amount; reason: string; message: string }
  /** The ledger has credited the customer. */
  | { trigger: 'return_booked' }
  /** The ledger has released the hold instead of the assignment to the next venue. */
  | { trigger: 'assignment_refused'; reason: string };

export interface SagaStep {
  readonly withdrawal: Withdrawal;
  readonly trigger: Trigger;
  /** Reason for people, in the reporter's words, and the venue chosen because of the reason. */
  readonly detail: string | null;
  /** Choice after a refusal (null venue: none is left). Null without a choice. */
  readonly decision: RouteDecision | null;
  readonly commands: readonly SagaCommand[];
}

/** Reporter of a fact, time of receipt, and the data used to judge the fact. */
export interface Evidence {
  readonly at: Date;
  /** Venue reporting the fact; null if the ledger reports the fact. */
  readonly by: string | null;
  /** Current route of the withdrawal; needed only for refusals with a possible fail-over. */
  readonly route: readonly Venue[];
}

/** Report from a venue about a withdrawal the venue no longer has, or never had. */
interface OtherVenue {
  readonly kind: 'other_venue';
  readonly from: State;
  readonly on: Trigger;
  readonly venue: string;
}

/** Applies one fact. Refuses a fact without a transition: the caller opens a case. */
export function advanceWithdrawal(
  withdrawal: Withdrawal,
  reported: Fact,
  { at, by, route }: Evidence,
): Result<SagaStep, IllegalTransition | OtherVenue> {
  const fact = asRelease(withdrawal, reported);
  if (isUnasked(withdrawal, fact))
    return refuse({ kind: 'illegal_transition', from: withdrawal.state, on: fact.trigger });
  if (by !== null && by !== withdrawal.venue)
    return refuse({ kind: 'other_venue', from: withdrawal.state, on: fact.trigger, venue: by });
  const nextChoice = mayFailOver(withdrawal, fact)
    ? chooseVenue(withdrawal.order, [...withdrawal.tried, withdrawal.venue], route)
    : null;
  const trigger = triggerOf(withdrawal, fact, nextChoice);
  const state = next(withdrawal.state, trigger);
  if (!state.ok) return state;
  const moved = movedTo(withdrawal, state.value);
  if (trigger === 'withdrawn') {
    const detail = joined(detailOf(fact), WITHDRAWN);
    return ok({
      withdrawal: { ...moved, expectedAt: null },
      trigger,
      detail,
      decision: null,
      commands: [RELEASE_CANCELLED],
    });
  }
  const decision = nextChoice && decisionOf(nextChoice);
  const why = [detailOf(fact), decision && describeDecision(decision)];
  if (trigger === 'rerouted' && nextChoice?.venue) {
    const assign = {
      kind: 'assign',
      notAfter: deadline(nextChoice.venue.submitWithinMs, at),
      releaseIfRefused: true,
    } as const;
    const detail = joined(...why, deadlineOf(assign));
    return ok({
      withdrawal: failedOver(moved, nextChoice.venue.name),
      trigger,
      detail,
      decision,
      commands: [assign],
    });
  }
  const commands = commandsAfter(withdrawal, fact, (until) => firstCommands(withdrawal, at, until));
  const detail = joined(...why, ...commands.map(deadlineOf));
  return ok({
    withdrawal: { ...moved, ...changesFrom(withdrawal, fact, at) },
    trigger,
    detail,
    decision,
    commands,
  });
}

/**
 * Commands for the venue holding the money. A cancelled withdrawal is submitted with a past
 * deadline, then cancelled: only the venue's proof releases the hold.
 */
function firstCommands(
  { cancel, order }: Withdrawal,
  at: Date,
  until: Date | null,
): readonly SagaCommand[] {
  return cancel === null
    ? [{ kind: 'submit', notAfter: until ?? deadline(order.submitWithinMs, at) }]
    : [{ kind: 'submit', notAfter: earlier(at, until) }, { kind: 'cancel' }];
}

function deadline(withinMs: number | null, at: Date): Date | null {
  return withinMs === null ? null : new Date(at.getTime() + withinMs);
}

function joined(...texts: readonly (string | null)[]): string | null {
  return texts.filter((text) => text !== null).join('; ') || null;
}

/**
 * True for the answer to a command never sent: a refused assignment without fail-over, or a release
 * without cancel.
 */
function isUnasked({ state, tried, cancel }: Withdrawal, { trigger }: Fact): boolean {
  if (trigger === 'assignment_refused') return tried.length === 0;
  return trigger === 'hold_released' && HAS_NO_RECEIPT.has(state) && cancel === null;
}

const HAS_NO_RECEIPT: ReadonlySet<State> = new Set(['requested', 'awaiting_approval']);
const WITHDRAWN = 'cancelled while no venue could pay it';

/** Reads a refused assignment as the awaited release of an ended withdrawal. */
function asRelease({ state }: Withdrawal, fact: Fact): Fact {
  return fact.trigger === 'assignment_refused' && (state === 'releasing' || state === 'cancelling')
    ? { trigger: 'hold_released' }
    : fact;
}

/**
 * Only in `submitting`: a payment possibly accepted stays. Venue accounts never fail over: another
 * person may have the account elsewhere.
 */
function mayFailOver({ state, order, cancel }: Withdrawal, fact: Fact): boolean {
  return (
    state === 'submitting' &&
    notifiedBeforeRestore({ cancel }) !== 'failed' &&
    !order.pinned &&
    order.destination.type !== 'venue_account' &&
    allowsFailOver(fact)
  );
}

/** Returns whether another venue may pay a withdrawal after this refusal. */
export function allowsFailOver(fact: Fact): boolean {
  return fact.trigger === 'refused' && FAIL_OVER_REASONS.has(fact.reason);
}

/**
 * A cancelled withdrawal fails over to none and ends as cancelled; one told to be failed ends as
 * failed.
 */
function triggerOf({ cancel, state }: Withdrawal, fact: Fact, nextChoice: Choice | null): Trigger {
  const goesOn = nextChoice !== null && nextChoice.venue !== null;
  const ranOut = state === 'submitting' && fact.trigger === 'refused' && fact.reason === 'expired';
  const endsAsCancelled = cancel !== null && notifiedBeforeRestore({ cancel }) !== 'failed';
  if (endsAsCancelled && (goesOn || ranOut)) return 'withdrawn';
  return goesOn ? 'rerouted' : fact.trigger;
}

function failedOver(withdrawal: Withdrawal, venue: string): Withdrawal {
  return { ...withdrawal, venue, tried: [...withdrawal.tried, withdrawal.venue], expectedAt: null };
}

function changesFrom(withdrawal: Withdrawal, fact: Fact, at: Date): Partial<Withdrawal> {
  switch (fact.trigger) {
    case 'accepted':
      return { venueReference: fact.venueReference, txHash: fact.txHash, expectedAt: null };
    case 'broadcast':
      return { txHash: fact.txHash, broadcastAt: at };
    case 'settled':
      return {
        txHash: fact.txHash ?? withdrawal.txHash,
        broadcastAt: withdrawal.broadcastAt ?? at,
        venueFee: feeOf(fact),
        confirmations: fact.confirmations ?? null,
        blockNumber: fact.blockNumber ?? null,
      };
    case 'hold_captured':
      return { confirmedAt: at, venueFeeRecorded: isFeeBooked(withdrawal, fact) };
    case 'returned':
      return { returnedAmount: fact.amount };
    case 'return_booked':
      return { returnedAt: at };
    case 'hold_refused':
      return {
        reasonCode: holdRefusalCode(fact.reason),
        policyRefusal: fact.policyRefusal ?? null,
      };
    case 'refused':
      return { reasonCode: refusalCodeOf(fact.reason), expectedAt: null };
    case 'failed':
    case 'cancelled':
    case 'assignment_refused':
    case 'approval_ended':
      return { reasonCode: reasonCodeOf(fact.reason), expectedAt: null };
    case 'hold_placed':
    case 'approval_asked':
    case 'outcome_unknown':
    case 'decision_needed':
    case 'hold_released':
      return {};
    default:
      return unreachable(fact);
  }
}

/** Codes of the contract: one for missing funds, separate ones for other refusals. */
function holdRefusalCode(reason: string): ReasonCode {
  const code = reasonCodeOf(reason);
  return HOLD_REFUSAL_CODES.has(code) ? code : 'insufficient_funds';
}

const HOLD_REFUSAL_CODES: ReadonlySet<ReasonCode> = new Set([
  'account_not_enabled',
  'order_not_signed',
  'policy_denied',
  'limit_exceeded',
  'held_before',
]);

function commandsAfter(
  withdrawal: Withdrawal,
  fact: Fact,
  first: (until: Date | null) => readonly SagaCommand[],
): readonly SagaCommand[] {
  switch (fact.trigger) {
    case 'hold_placed':
      return first(fact.until ?? null);
    case 'approval_asked':
      return withdrawal.cancel === null ? [] : [RELEASE_CANCELLED];
    case 'settled':
      return [{ kind: 'capture', venueFee: feeOf(fact) }];
    case 'hold_captured':
      return feeCommands(isFeeBooked(withdrawal, fact) ? null : withdrawal.venueFee);
    case 'returned':
      return [{ kind: 'return', amount: fact.amount }];
    case 'refused':
    case 'failed':
    case 'cancelled':
      return [{ kind: 'release', reason: fact.reason }];
    case 'hold_refused':
    case 'accepted':
    case 'outcome_unknown':
    case 'decision_needed':
    case 'broadcast':
    case 'hold_released':
    case 'return_booked':
    case 'approval_ended':
    case 'assignment_refused':
      return [];
    default:
      return unreachable(fact);
  }
}

/** Returns null if the venue charged no fee: no fee is recorded. */
function feeOf({ venueFee }: Extract<Fact, { trigger: 'settled' }>): Amount | null {
  return venueFee?.isPositive() ? venueFee : null;
}

/** True if the ledger has booked the venue's fee: the answer names no refused fee. */
function isFeeBooked(
  { venueFee, venueFeeRecorded }: Withdrawal,
  { venueFee: booked = null }: Extract<Fact, { trigger: 'hold_captured' }>,
): boolean {
  return venueFeeRecorded || (venueFee !== null && booked?.equals(venueFee) === true);
}

function feeCommands(amount: Amount | null): readonly SagaCommand[] {
  return amount === null ? [] : [{ kind: 'record_venue_fee', amount }];
}

function detailOf(fact: Fact): string | null {
  switch (fact.trigger) {
    case 'returned':
      return `${fact.amount.toString()}, ${fact.reason}: ${fact.message}`;
    case 'refused':
    case 'failed':
    case 'cancelled':
      return `${fact.reason}: ${fact.message}`;
    case 'hold_refused':
      return fact.policyRefusal ? `${fact.reason}: ${fact.policyRefusal.rule}` : fact.reason;
    case 'assignment_refused':
    case 'approval_ended':
      return fact.reason;
    case 'approval_asked':
      return `${fact.groups}; until ${fact.expiresAt.toISOString()}`;
    case 'outcome_unknown':
    case 'decision_needed':
      return fact.cause;
    case 'accepted':
      return fact.venueReference;
    case 'broadcast':
    case 'settled':
      return fact.txHash;
    case 'hold_placed':
    case 'hold_captured':
    case 'hold_released':
    case 'return_booked':
      return null;
    default:
      return unreachable(fact);
  }
}
