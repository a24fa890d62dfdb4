import type { Amount } from '@sluice/money';
import { ok, unreachable, type Result } from '@sluice/result';
import { next, type IllegalTransition, type Trigger } from './withdrawal-states.js';
import type { Withdrawal } from './withdrawal.js';

/** One thing that another service has told us, in our own words. */
export type Fact =
  | { trigger: 'hold_placed' }
  | { trigger: 'hold_refused'; reason: string }
  | { trigger: 'accepted'; venueReference: string; txHash: string | null }
  | { trigger: 'refused' | 'cancelled' | 'failed'; reason: string; message: string }
  | { trigger: 'outcome_unknown' | 'decision_needed'; cause: string }
  | { trigger: 'broadcast'; txHash: string }
  | { trigger: 'settled'; txHash: string | null; venueFee: Amount | null }
  | { trigger: 'hold_captured' }
  | { trigger: 'hold_released' };

/** What has to be asked of another service because of a step or a wish; sent with its own commit. */
export type Command =
  { kind: 'submit' } | { kind: 'cancel' } | { kind: 'capture' } | { kind: 'release'; reason: string } | { kind: 'record_venue_fee'; amount: Amount };

export interface Step {
  readonly withdrawal: Withdrawal;
  readonly trigger: Trigger;
  /** For people: why, in the words of whoever told us. */
  readonly detail: string | null;
  readonly commands: readonly Command[];
}

/** Takes one fact into account. Refuses a fact that the state machine has no place for: the caller opens a case, nothing is rewritten. */
export function advanceWithdrawal(withdrawal: Withdrawal, fact: Fact, at: Date): Result<Step, IllegalTransition> {
  const trigger = triggerOf(withdrawal, fact);
  const state = next(withdrawal.state, trigger);
  if (!state.ok) return state;
  const moved = { ...withdrawal, ...learnt(withdrawal, fact, at), state: state.value, sequence: withdrawal.sequence + 1 };
  if (trigger === 'withdrawn') return ok({ withdrawal: moved, trigger, detail: WITHDRAWN, commands: [{ kind: 'release', reason: 'cancelled' }] });
  return ok({ withdrawal: moved, trigger, detail: detailOf(fact), commands: commandsAfter(fact) });
}

const WITHDRAWN = 'cancelled before it was given to a venue';

/** A hold placed for what is not wanted any more is given back: the submit command that would follow it is never written. */
function triggerOf({ cancel }: Withdrawal, fact: Fact): Trigger {
  return fact.trigger === 'hold_placed' && cancel !== null ? 'withdrawn' : fact.trigger;
}

function learnt(withdrawal: Withdrawal, fact: Fact, at: Date): Partial<Withdrawal> {
  switch (fact.trigger) {
    case 'accepted':
      return { venueReference: fact.venueReference, txHash: fact.txHash, expectedAt: null };
    case 'broadcast':
      return { txHash: fact.txHash, broadcastAt: at };
    case 'settled':
      return { txHash: fact.txHash ?? withdrawal.txHash, broadcastAt: withdrawal.broadcastAt ?? at };
    case 'hold_captured':
      return { confirmedAt: at };
    case 'hold_refused':
      return { errorMessage: fact.reason };
    case 'refused':
    case 'failed':
    case 'cancelled':
      return { errorMessage: fact.message, expectedAt: null };
    case 'hold_placed':
    case 'outcome_unknown':
    case 'decision_needed':
    case 'hold_released':
      return {};
    default:
      return unreachable(fact);
  }
}

function commandsAfter(fact: Fact): readonly Command[] {
  switch (fact.trigger) {
    case 'hold_placed':
      return [{ kind: 'submit' }];
    case 'settled':
      return [{ kind: 'capture' }, ...(fact.venueFee?.isPositive() ? [{ kind: 'record_venue_fee', amount: fact.venueFee } as const] : [])];
    case 'refused':
    case 'failed':
    case 'cancelled':
      return [{ kind: 'release', reason: fact.reason }];
    case 'hold_refused':
    case 'accepted':
    case 'outcome_unknown':
    case 'decision_needed':
    case 'broadcast':
    case 'hold_captured':
    case 'hold_released':
      return [];
    default:
      return unreachable(fact);
  }
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
