import { ok, refuse, type Result } from '@sluice/result';

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
  | 'venue_settled'
  | 'venue_failed'
  | 'not_as_asked';

/**
 * The life of one attempt. States are conditions, triggers are facts. `not_sent` and `absent` end an attempt with the proof
 * that it moved nothing: only they let another attempt follow. A withdrawal whose last attempt ended so, and gets no other,
 * is refused. A refusal by validation does not count before the venue's records were searched (`refusing`): venues have refused and paid.
 * An ambiguous refusal is a lost answer (`unknown`).
 * An order may have been paid before it was sent from here (after a restore); then its record is `found`.
 * No edge leads back but one: `repeating` asks about the same attempt by the same bytes, where the venue answers
 * a key with its first result. It ends as accepted or as unknown as before, and while it lasts nobody decides. What was accepted and
 * was never listed may be decided about: that it is another record (`decided_paid`), or none. What is undecided is still looked up: its
 * record may appear, or the candidates prove to belong to others.
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
  settled: {},
  failed: {},
} as const satisfies Record<SubmissionState, Partial<Record<SubmissionTrigger, SubmissionState>>>;

export const SUBMISSION_STATES = Object.keys(TRANSITIONS) as SubmissionState[];

/** The state in which an order is stored: `refused` where the venue pays nothing of its kind. */
export const FIRST_STATE = { payable: 'prepared', not_payable: 'refused' } as const;

/** The state of a submission whose attempt ended as `not_sent` or `absent`: another attempt follows, or none. */
export const AFTER_ATTEMPT = { again: 'prepared', given_up: 'refused' } as const;

/** What the column `submission.state` may be: it never shows how an earlier attempt ended. */
export const STORED_STATES = SUBMISSION_STATES.filter(
  (state) => state !== 'not_sent' && state !== 'absent',
);

const OF_SUBMISSION_ONLY: ReadonlySet<SubmissionState> = new Set([
  'prepared', // no attempt yet, or the last one has ended
  'repeating', // its attempt stays unknown
  'disputed', // its attempt stays accepted
  'settled', // likewise
]);

/** What the column `attempt.state` may be. */
export const ATTEMPT_STATES = SUBMISSION_STATES.filter((state) => !OF_SUBMISSION_ONLY.has(state));

export interface IllegalTransition {
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

/** Triggers that lead to one state wherever they apply. What a decision leads to depends on the state it is about. */
export type EdgeTrigger = Exclude<SubmissionTrigger, 'decided_paid' | 'decided_absent'>;

export interface Edge {
  readonly from: readonly SubmissionState[];
  readonly to: SubmissionState;
}

/** The states that a trigger applies to, in the order of the table, and the one that it leads to. */
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

export function isTerminal(state: SubmissionState): boolean {
  return Object.keys(TRANSITIONS[state]).length === 0;
}
