import { ok, refuse, type Result } from '@sluice/kernel';

export type SubmissionState =
  | 'prepared'
  | 'sending'
  | 'refusing'
  | 'accepted'
  | 'unknown'
  | 'repeating'
  | 'undecided'
  | 'disputed'
  | 'not_sent'
  | 'absent'
  | 'refused'
  | 'settled'
  | 'returned'
  | 'failed';

export type SubmissionTrigger =
  | 'claimed'
  | 'withdrawn'
  | 'not_payable'
  | 'venue_accepted'
  | 'venue_refused'
  | 'nothing_found'
  | 'nothing_sent'
  | 'outcome_unknown'
  | 'repeated'
  | 'found'
  | 'absence_proven'
  | 'person_needed'
  | 'decided_paid'
  | 'decided_absent'
  | 'decided_returned'
  | 'venue_settled'
  | 'venue_failed'
  | 'venue_returned'
  | 'not_as_asked';

/**
 * States of an attempt. Only `not_sent` and `absent` prove that nothing was paid and permit another
 * attempt. A refusal counts after a search (`refusing`): venues have refused and paid. `found`:
 * paid before this database sent the order. Only `repeating` leads back, under a replayed key, and
 * no person decides meanwhile. From an end only `returned` leads on. An undecided order is still
 * looked up.
 */
const TRANSITIONS = {
  prepared: {
    claimed: 'sending',
    withdrawn: 'refused',
    not_payable: 'refused',
    found: 'accepted',
    decided_paid: 'accepted',
    decided_absent: 'absent',
  },
  sending: {
    venue_accepted: 'accepted',
    venue_refused: 'refusing',
    nothing_sent: 'not_sent',
    outcome_unknown: 'unknown',
  },
  refusing: {
    found: 'accepted',
    nothing_found: 'refused',
    person_needed: 'undecided',
    decided_paid: 'accepted',
    decided_absent: 'absent',
  },
  unknown: {
    repeated: 'repeating',
    found: 'accepted',
    absence_proven: 'absent',
    person_needed: 'undecided',
    decided_paid: 'accepted',
    decided_absent: 'absent',
  },
  repeating: { venue_accepted: 'accepted', outcome_unknown: 'unknown' },
  undecided: {
    found: 'accepted',
    absence_proven: 'absent',
    person_needed: 'undecided',
    decided_paid: 'accepted',
    decided_absent: 'absent',
  },
  accepted: {
    venue_settled: 'settled',
    venue_failed: 'failed',
    not_as_asked: 'disputed',
    decided_paid: 'accepted',
    decided_absent: 'failed',
  },
  disputed: { decided_paid: 'settled', decided_absent: 'failed' },
  not_sent: {},
  absent: {},
  refused: {},
  settled: { venue_returned: 'returned', decided_returned: 'returned' },
  returned: {},
  failed: {},
} as const satisfies Record<SubmissionState, Partial<Record<SubmissionTrigger, SubmissionState>>>;

export const SUBMISSION_STATES = Object.keys(TRANSITIONS) as SubmissionState[];

/** Initial state of an order: `refused` if the venue has no form for the order. */
export const FIRST_STATE = { payable: 'prepared', not_payable: 'refused' } as const;

/** State after an attempt ended as `not_sent` or `absent`: another attempt follows, or none. */
export const AFTER_ATTEMPT = { again: 'prepared', given_up: 'refused' } as const;

export const STORED_STATES = SUBMISSION_STATES.filter(
  (state) => state !== 'not_sent' && state !== 'absent',
);

const OF_SUBMISSION_ONLY: ReadonlySet<SubmissionState> = new Set([
  'prepared', // no attempt yet, or the last attempt has ended
  'repeating', // the attempt stays unknown
  'disputed', // the attempt stays accepted
  'settled', // likewise
  'returned', // likewise
]);

export const ATTEMPT_STATES = SUBMISSION_STATES.filter((state) => !OF_SUBMISSION_ONLY.has(state));

interface IllegalTransition {
  kind: 'illegal_transition';
  from: SubmissionState;
  on: SubmissionTrigger;
}

export function nextState(
  from: SubmissionState,
  on: SubmissionTrigger,
): Result<SubmissionState, IllegalTransition> {
  const to = (TRANSITIONS[from] as Partial<Record<SubmissionTrigger, SubmissionState>>)[on];
  return to ? ok(to) : refuse({ kind: 'illegal_transition', from, on });
}

/** Triggers with a single target state. The target of a decision depends on the present state. */
export type EdgeTrigger = Exclude<SubmissionTrigger, 'decided_paid' | 'decided_absent'>;

interface Edge {
  readonly from: readonly SubmissionState[];
  readonly to: SubmissionState;
}

export function edge(trigger: EdgeTrigger): Edge {
  const from = SUBMISSION_STATES.filter((state) => nextState(state, trigger).ok);
  const [to, ...others] = new Set(from.map((state) => reached(state, trigger)));
  if (to === undefined || others.length > 0)
    throw new Error(`${trigger} does not lead to one state`);
  return { from, to };
}

function reached(from: SubmissionState, on: SubmissionTrigger): SubmissionState | undefined {
  const to = nextState(from, on);
  return to.ok ? to.value : undefined;
}

export function triggersOf(from: SubmissionState): SubmissionTrigger[] {
  return Object.keys(TRANSITIONS[from]) as SubmissionTrigger[];
}

/** Returns true for an end: only a return of the money leads on. */
export function isTerminal(state: SubmissionState): boolean {
  return triggersOf(state).every((trigger) => edgeOfReturn.has(trigger));
}

const edgeOfReturn: ReadonlySet<SubmissionTrigger> = new Set([
  'venue_returned',
  'decided_returned',
]);

export type SubmissionEventKind =
  | 'submission-accepted'
  | 'submission-refused'
  | 'submission-unknown'
  | 'withdrawal-settled'
  | 'withdrawal-returned'
  | 'withdrawal-failed';

/**
 * Event published on entering a state; null for internal states. `settled` and `failed` follow
 * `accepted`.
 */
export const EVENT_ON_ENTERING: Readonly<Record<SubmissionState, SubmissionEventKind | null>> = {
  prepared: null,
  sending: null,
  refusing: null,
  accepted: 'submission-accepted',
  unknown: 'submission-unknown',
  repeating: null,
  undecided: 'submission-unknown',
  disputed: null,
  not_sent: null,
  absent: null,
  refused: 'submission-refused',
  settled: 'withdrawal-settled',
  returned: 'withdrawal-returned',
  failed: 'withdrawal-failed',
};

/** Longest duration of a state, the party ending it, and the column with its start. */
export interface SubmissionLimit {
  readonly minutes: number;
  readonly movedOnBy: string;
  readonly since: 'created_at' | 'submitted_at' | 'given_up_at' | 'accepted_at';
}

const HOUR = 60;

/**
 * Limit of each state; null marks an end. After `not_sent` and `absent` the submission is prepared
 * or refused.
 */
export const SUBMISSION_LIMITS: Readonly<Record<SubmissionState, SubmissionLimit | null>> = {
  prepared: {
    minutes: 2 * HOUR,
    movedOnBy:
      'the worker of its form; behind an equal payment without an outcome, the decision about that payment',
    since: 'created_at',
  },
  sending: {
    minutes: 5,
    movedOnBy: "the venue's answer, or the sweep when its lease ends",
    since: 'submitted_at',
  },
  refusing: {
    minutes: HOUR / 2,
    movedOnBy: "look-ups in the venue's records: one, or those of an absence proof",
    since: 'submitted_at',
  },
  unknown: {
    minutes: HOUR / 2,
    movedOnBy: "look-ups in the venue's records",
    since: 'given_up_at',
  },
  repeating: {
    minutes: HOUR / 2,
    movedOnBy: "the venue's answer, or the sweep when its lease ends",
    since: 'submitted_at',
  },
  undecided: {
    minutes: HOUR / 4,
    movedOnBy: 'an operator (sluice withdrawal resolve); the case needs_decision reports it',
    since: 'given_up_at',
  },
  accepted: { minutes: 24 * HOUR, movedOnBy: "the venue's final word", since: 'accepted_at' },
  disputed: {
    minutes: HOUR / 4,
    movedOnBy:
      'an operator (sluice withdrawal resolve); the case not_as_asked, cannot_tell or failed_with_transaction reports it',
    since: 'accepted_at',
  },
  not_sent: null,
  absent: null,
  refused: null,
  settled: null,
  returned: null,
  failed: null,
};
