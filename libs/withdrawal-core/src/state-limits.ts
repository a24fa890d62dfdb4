import type { CancelOutcome } from './cancel-withdrawal.js';
import type { State } from './withdrawal-states.js';

/** Longest duration of a state, the responsible party, and the kind of report. */
export interface StateLimit {
  readonly minutes: number;
  readonly movedOnBy: string;
  /** `service`: the invariant `nothing-waits-too-long` reports. `outside`: only the metric does. */
  readonly waitsOn: 'service' | 'outside';
}

const HOUR = 60;
const DAY = 24 * HOUR;

/** No state without an end: null is an end, every other state has a limit. */
export const WITHDRAWAL_LIMITS: Readonly<Record<State, StateLimit | null>> = {
  requested: {
    minutes: 5,
    movedOnBy: 'the ledger; intake-api sends the command again',
    waitsOn: 'service',
  },
  awaiting_approval: {
    minutes: 30 * DAY,
    movedOnBy: 'the approvers; the rule of the spending policy states the time to decide',
    waitsOn: 'outside',
  },
  submitting: {
    minutes: 2 * HOUR,
    movedOnBy: 'the connector: it sends the order, or refuses the order after its deadline',
    waitsOn: 'outside',
  },
  uncertain: {
    minutes: HOUR / 2,
    movedOnBy: "the connector's look-ups in the venue's records",
    waitsOn: 'outside',
  },
  undecided: {
    minutes: HOUR / 4,
    movedOnBy: 'an operator (sluice withdrawal resolve)',
    waitsOn: 'outside',
  },
  submitted: {
    minutes: 6 * HOUR,
    movedOnBy: "the venue's report, or an operator if the payment differs from the order",
    waitsOn: 'outside',
  },
  broadcast: { minutes: 24 * HOUR, movedOnBy: 'confirmations on the chain', waitsOn: 'outside' },
  capturing: {
    minutes: 5,
    movedOnBy: 'the ledger; intake-api sends the command again',
    waitsOn: 'service',
  },
  releasing: {
    minutes: 5,
    movedOnBy: 'the ledger; intake-api sends the command again',
    waitsOn: 'service',
  },
  cancelling: {
    minutes: 5,
    movedOnBy: 'the ledger; intake-api sends the command again',
    waitsOn: 'service',
  },
  returning: {
    minutes: 5,
    movedOnBy: 'the ledger; intake-api sends the command again',
    waitsOn: 'service',
  },
  rejected: null,
  completed: null,
  returned: null,
  failed: null,
  cancelled: null,
};

/** Limits of a cancel request, independent of the withdrawal's state. */
export const CANCEL_LIMITS: Readonly<Record<CancelOutcome['status'], StateLimit | null>> = {
  requested: {
    minutes: HOUR / 4,
    movedOnBy: 'the connector; intake-api sends it the cancel command again',
    waitsOn: 'outside',
  },
  refused: null,
  done: null,
};

/** A case holds a report without a matching step, forever. `sluice_cases` counts them. */
export const CASE_LIMITS: Readonly<Record<'open', StateLimit | null>> = {
  open: { minutes: 0, movedOnBy: 'a person, who checks the case', waitsOn: 'outside' },
};
