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
import { reasonCodeOf, refusalCodeOf, type ReasonCode } from './reason-codes.js';
import { notifiedBeforeRestore } from './notified-before-restore.js';
import { next, type IllegalTransition, type State, type Trigger } from './withdrawal-states.js';
import type { Withdrawal } from './withdrawal.js';

/** Fact reported by the ledger or a venue, in the terms of this library. */
export type Fact =
  /** `until`: end of the ledger's receipt for the venue; null if the ledger reports no end. */
  | { trigger: 'hold_placed'; until?: Date | null }
  | { trigger: 'hold_refused'; reason: string }
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
  | { trigger: 'hold_released' };

/** Request to another service caused by a step or a cancel request; sent with the same commit. */
export type SagaCommand =
  /**
   * A venue that has not begun by `notAfter` proves the payment will never begin. The withdrawal
   * fails over to the next venue or ends.
   */
  | { kind: 'submit'; notAfter: Date | null }
  /**
   * The ledger assigns the hold to the withdrawal's next venue, and the service then sends the
   * submit command to this venue.
   */
  | { kind: 'assign'; notAfter: Date | null }
  | { kind: 'cancel' }
  /** `venueFee`: the fee to book with the capture; null if none is known or left to book. */
  | { kind: 'capture'; venueFee: Amount | null }
  | { kind: 'release'; reason: string }
  | { kind: 'record_venue_fee'; amount: Amount };

export interface SagaStep {
  readonly withdrawal: Withdrawal;
  readonly trigger: Trigger;
  /** Reason for people, in the reporter's words, and the venue chosen because of the reason. */
  readonly detail: string | null;
  /**
   * Routing choice after a refusal of a payment another venue may make. The choice has a null venue
   * if no venue is left. Null without a choice.
   */
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

/**
 * Applies one fact. Refuses a fact without a transition in the current state: the caller opens a
 * case, and no data is rewritten.
 */
export function advanceWithdrawal(
  withdrawal: Withdrawal,
  fact: Fact,
  { at, by, route }: Evidence,
): Result<SagaStep, IllegalTransition | OtherVenue> {
  if (by !== null && by !== withdrawal.venue)
    return refuse({ kind: 'other_venue', from: withdrawal.state, on: fact.trigger, venue: by });
  const nextChoice = mayFailOver(withdrawal, fact)
    ? chooseVenue(withdrawal.order, [...withdrawal.tried, withdrawal.venue], route)
    : null;
  const trigger = triggerOf(withdrawal, fact, nextChoice);
  const state = next(withdrawal.state, trigger);
  if (!state.ok) return state;
  const moved = { ...withdrawal, state: state.value, sequence: withdrawal.sequence + 1 };
  if (trigger === 'withdrawn') {
    const detail = joined(detailOf(fact), WITHDRAWN);
    return ok({
      withdrawal: { ...moved, expectedAt: null },
      trigger,
      detail,
      decision: null,
      commands: [{ kind: 'release', reason: 'cancelled' }],
    });
  }
  const decision = nextChoice && decisionOf(nextChoice);
  const why = [detailOf(fact), decision && describeDecision(decision)];
  if (trigger === 'rerouted' && nextChoice?.venue) {
    const assign = {
      kind: 'assign',
      notAfter: deadline(nextChoice.venue.submitWithinMs, at),
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
 * Commands for the venue holding the money since the last step. If the withdrawal is cancelled, the
 * cancel command follows the submit command immediately, and the submit deadline has already passed
 * on arrival. Only the venue's proof of absence releases the hold.
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

/**
 * Returns the earlier of both times: an order may never begin after the end of the hold's receipt.
 */
export function earlier(at: Date, until: Date | null): Date {
  return until !== null && until < at ? until : at;
}

function deadline(withinMs: number | null, at: Date): Date | null {
  return withinMs === null ? null : new Date(at.getTime() + withinMs);
}

function deadlineOf(command: SagaCommand): string | null {
  return (command.kind === 'submit' || command.kind === 'assign') && command.notAfter !== null
    ? `not after ${command.notAfter.toISOString()}`
    : null;
}

function joined(...texts: readonly (string | null)[]): string | null {
  return texts.filter((text) => text !== null).join('; ') || null;
}

const WITHDRAWN = 'cancelled while no venue could pay it';

/**
 * Fail-over is allowed only in `submitting`: a payment possibly accepted stays with the venue.
 * Venue accounts never fail over, because the same account may belong to another person at the next
 * venue.
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
 * A cancelled withdrawal fails over to no further venue. If the deadline of a cancelled withdrawal
 * expires, the withdrawal ends as cancelled, not as failed. A withdrawal told to be failed before a
 * restore ends as failed.
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
    case 'hold_refused':
      return { reasonCode: holdRefusalCode(fact.reason) };
    case 'refused':
      return { reasonCode: refusalCodeOf(fact.reason), expectedAt: null };
    case 'failed':
    case 'cancelled':
      return { reasonCode: reasonCodeOf(fact.reason), expectedAt: null };
    case 'hold_placed':
    case 'outcome_unknown':
    case 'decision_needed':
    case 'hold_released':
      return {};
    default:
      return unreachable(fact);
  }
}

/**
 * The contract has a single reason for funds not available to reserve. Accounts that may not pay,
 * unsigned orders and repetitions have separate codes.
 */
function holdRefusalCode(reason: string): ReasonCode {
  const code = reasonCodeOf(reason);
  return HOLD_REFUSAL_CODES.has(code) ? code : 'insufficient_funds';
}

const HOLD_REFUSAL_CODES: ReadonlySet<ReasonCode> = new Set([
  'account_not_enabled',
  'order_not_signed',
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
    case 'settled':
      return [{ kind: 'capture', venueFee: feeOf(fact) }];
    case 'hold_captured':
      return feeCommands(isFeeBooked(withdrawal, fact) ? null : withdrawal.venueFee);
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
      return [];
    default:
      return unreachable(fact);
  }
}

/** Returns null if the venue charged no fee: no fee is recorded. */
function feeOf({ venueFee }: Extract<Fact, { trigger: 'settled' }>): Amount | null {
  return venueFee?.isPositive() ? venueFee : null;
}

/**
 * Returns whether the ledger has booked the venue's fee, by the answer to the capture. A ledger of
 * release 0.3.0 ignores the fee of a capture, and its answer names no fee.
 */
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
    case 'refused':
    case 'failed':
    case 'cancelled':
      return `${fact.reason}: ${fact.message}`;
    case 'hold_refused':
      return fact.reason;
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
      return null;
    default:
      return unreachable(fact);
  }
}
