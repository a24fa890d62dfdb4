import type { SubmissionState } from './submission-states.js';

/**
 * Longest duration of a state, the party ending the state, and the submission's column with the
 * start time.
 */
export interface SubmissionLimit {
  readonly minutes: number;
  readonly movedOnBy: string;
  readonly since: 'created_at' | 'submitted_at' | 'given_up_at' | 'accepted_at';
}

const HOUR = 60;

/**
 * Limit of each state; null marks an end state. `not_sent` and `absent` end an attempt: the
 * submission waits for the next attempt or is refused. An open attempt has the state and the limit
 * of the submission.
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
