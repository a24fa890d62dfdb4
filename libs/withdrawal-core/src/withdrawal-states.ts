import { ok, refuse, type Result } from '@sluice/kernel';

/**
 * Facts, not requests. `withdrawn`: cancelled while no venue can pay. `rerouted`: the venue refused
 * for good. `assignment_refused`, `approval_ended`: the ledger has released the hold.
 * `approval_asked`: people must approve. `returned`: the venue has the money again;
 * `return_booked`: it is credited.
 */
export type Trigger =
  | 'hold_placed'
  | 'approval_asked'
  | 'approval_ended'
  | 'withdrawn'
  | 'hold_refused'
  | 'rerouted'
  | 'assignment_refused'
  | 'accepted'
  | 'refused'
  | 'outcome_unknown'
  | 'decision_needed'
  | 'broadcast'
  | 'settled'
  | 'failed'
  | 'cancelled'
  | 'hold_captured'
  | 'hold_released'
  | 'returned'
  | 'return_booked';

export type State =
  | 'requested'
  | 'awaiting_approval'
  | 'rejected'
  | 'submitting'
  | 'uncertain'
  | 'undecided'
  | 'submitted'
  | 'broadcast'
  | 'capturing'
  | 'releasing'
  | 'cancelling'
  | 'completed'
  | 'returning'
  | 'returned'
  | 'failed'
  | 'cancelled';

/**
 * State machine of the saga. A hold is released only on proof that nothing moved, and captured only
 * on proof of payment. `rerouted` leads to an untried venue; a returned payment is credited once.
 */
export const TRANSITIONS = {
  requested: {
    hold_placed: 'submitting',
    hold_refused: 'rejected',
    approval_asked: 'awaiting_approval',
    // the ledger asked for an approval, and its question or this state was lost
    approval_ended: 'failed',
    hold_released: 'cancelled', // only after a cancel request
  },
  // no venue has a receipt: a released hold ends the withdrawal without a proof of a venue
  awaiting_approval: {
    hold_placed: 'submitting',
    approval_ended: 'failed',
    hold_released: 'cancelled', // only after a cancel request
  },
  submitting: {
    rerouted: 'submitting',
    assignment_refused: 'failed', // no venue has the hold: there is nothing left to release
    withdrawn: 'cancelling',
    accepted: 'submitted',
    refused: 'releasing',
    cancelled: 'cancelling',
    outcome_unknown: 'uncertain',
    decision_needed: 'undecided',
  },
  uncertain: {
    accepted: 'submitted',
    refused: 'releasing',
    cancelled: 'cancelling',
    decision_needed: 'undecided',
  }, // never back to submitting: a second payment would be possible
  undecided: { accepted: 'submitted', refused: 'releasing', cancelled: 'cancelling' },
  submitted: {
    broadcast: 'broadcast',
    settled: 'capturing',
    failed: 'releasing',
    cancelled: 'cancelling',
  },
  broadcast: { settled: 'capturing', failed: 'releasing', cancelled: 'cancelling' },
  capturing: { hold_captured: 'completed' },
  releasing: { hold_released: 'failed' },
  cancelling: { hold_released: 'cancelled' },
  rejected: {},
  completed: { returned: 'returning' },
  returning: { return_booked: 'returned' },
  returned: {},
  failed: {},
  cancelled: {},
} as const satisfies Record<State, Partial<Record<Trigger, State>>>;

export interface IllegalTransition {
  kind: 'illegal_transition';
  from: State;
  on: Trigger;
}

export function next(from: State, on: Trigger): Result<State, IllegalTransition> {
  const to = (TRANSITIONS[from] as Partial<Record<Trigger, State>>)[on];
  return to ? ok(to) : refuse({ kind: 'illegal_transition', from, on });
}

/** Returns true for an end: only a return of the money leads on. */
export function isTerminal(state: State): boolean {
  return Object.keys(TRANSITIONS[state]).every((trigger) => trigger === 'returned');
}

/** The five statuses of the public API. */
export type PublicStatus = 'pending' | 'broadcasted' | 'confirmed' | 'failed' | 'cancelled';

/** Public status and stage (the pending condition) per state. */
export const PUBLIC_VIEW: Readonly<Record<State, { status: PublicStatus; stage: string }>> = {
  requested: { status: 'pending', stage: 'awaiting_hold' },
  awaiting_approval: { status: 'pending', stage: 'awaiting_approval' },
  rejected: { status: 'failed', stage: 'rejected' },
  submitting: { status: 'pending', stage: 'awaiting_venue' },
  uncertain: { status: 'pending', stage: 'verifying_submission' },
  undecided: { status: 'pending', stage: 'awaiting_decision' },
  submitted: { status: 'pending', stage: 'processing_at_venue' },
  broadcast: { status: 'broadcasted', stage: 'awaiting_confirmations' },
  capturing: { status: 'broadcasted', stage: 'booking' },
  releasing: { status: 'pending', stage: 'releasing_hold' },
  cancelling: { status: 'pending', stage: 'releasing_hold' },
  completed: { status: 'confirmed', stage: 'done' },
  returning: { status: 'confirmed', stage: 'returning' },
  returned: { status: 'confirmed', stage: 'returned' },
  failed: { status: 'failed', stage: 'done' },
  cancelled: { status: 'cancelled', stage: 'done' },
};

/** States named by public events. Every other state differs only in its stage. */
const PUBLISHED_STATES = [
  'awaiting_approval',
  'submitting',
  'broadcast',
  'completed',
  'returned',
  'failed',
  'cancelled',
] as const satisfies readonly State[];

type PublishedState = (typeof PUBLISHED_STATES)[number];

/**
 * State named by the public event of a step: the status, the venue or an approval changed. Null for
 * a step without an event. A payment settled without a reported broadcast is published as broadcast.
 */
export function publishedAs(from: State | null, to: State): PublishedState | null {
  if (to === 'capturing') return from === 'broadcast' ? null : 'broadcast';
  return PUBLISHED_STATES.find((state) => state === to) ?? null;
}
