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
 * is refused. A venue's refusal does not count before its records were searched once (`refusing`): venues have refused and paid.
 * An order may have been paid before it was sent from here (after a restore); then its record is `found`.
 * No edge leads back but one: `repeating` asks about the same attempt by the same bytes, where the venue answers
 * a key with its first result. It ends as accepted or as unknown as before, and while it lasts nobody decides. What was accepted and
 * was never listed may be decided about: that it is another record (`decided_paid`), or none.
 */
const TRANSITIONS = {
  prepared: {
    claimed: 'sending',
    withdrawn: 'refused',
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
  undecided: { found: 'accepted', decided_paid: 'accepted', decided_absent: 'absent' },
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

export function triggersOf(from: SubmissionState): SubmissionTrigger[] {
  return Object.keys(TRANSITIONS[from]) as SubmissionTrigger[];
}

export function isTerminal(state: SubmissionState): boolean {
  return Object.keys(TRANSITIONS[state]).length === 0;
}
