import { withNextStep } from '@sluice/kernel';
import type { SubmissionState } from './submission-states.js';

/** Everything that can hold a submission, as known now. Texts are ends of sentences. */
export interface WaitFacts {
  readonly state: SubmissionState;
  /** The venue accepted the order and does not list it. */
  readonly isUnlisted: boolean;
  /** Nodes refuse the transaction of our own wallet, as known to its adapter. */
  readonly refusedByNodes: string | null;
  readonly halts: readonly WaitingHalt[];
  /** Fault of this process: start-up check, restore, clocks, unread record of the venue. */
  readonly processFault: string | null;
  /** The auditor does not permit the order. */
  readonly permitFault: string | null;
  /** Pause of the calls that send the order, by the venue's answers. */
  readonly pause: { readonly until: string; readonly cause: string } | null;
  /** Proof needed before the first send; null if none. */
  readonly before: 'look_up' | 'confirmation' | 'person' | null;
  /** An equal payment without an outcome. */
  readonly equal: { readonly withdrawalId: string; readonly state: string } | null;
  /** Cause of the last failed preparation or look-up, while another try is due later. */
  readonly postponed: string | null;
  /** Number of orders before this order in the queue. */
  readonly ahead: number;
}

interface WaitingHalt {
  readonly id: string;
  readonly reason: string;
  readonly subject: string;
  readonly details: string;
}

export const WAIT_KINDS = [
  'halt',
  'fault',
  'permit',
  'pause',
  'person',
  'confirmation',
  'look_up',
  'equal_payment',
  'preparation',
  'queue',
  'nodes',
  'venue',
] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

export interface WaitCause {
  readonly kind: WaitKind;
  readonly text: string;
  /** Another withdrawal that holds this one. */
  readonly behind?: string;
}

/**
 * What holds a submission now, widest cause first; empty after the end. The place in the queue is a
 * cause only without any other.
 */
export function waitCausesOf(facts: WaitFacts): readonly WaitCause[] {
  const { state, halts, processFault, permitFault, isUnlisted, refusedByNodes } = facts;
  if (isUnlisted) return [cause('person', UNLISTED)];
  const atVenue = AT_VENUE[state];
  if (atVenue === null) return [];
  if (state === 'accepted' && refusedByNodes !== null) return [cause('nodes', refusedByNodes)];
  const mayBeSent = [
    ...(halts.length > 0 ? [cause('halt', haltedBy(halts))] : []),
    ...(processFault === null ? [] : [cause('fault', `nothing is sent now: ${processFault}`)]),
    ...(permitFault === null ? [] : [cause('permit', `nothing is sent now: ${permitFault}`)]),
  ];
  if (atVenue !== undefined) {
    const shown = { ...atVenue, text: `${atVenue.text}${lastFault(facts)}` };
    return state === 'unknown' ? [shown, ...mayBeSent] : [shown];
  }
  const held = [...mayBeSent, ...pausedBy(facts), ...heldBefore(facts)];
  return held.length > 0 ? held : [cause('queue', turnOf(facts))];
}

/** The causes in one sentence, with the next step for the first cause; `nothing` after the end. */
export function awaitedText(causes: readonly WaitCause[]): string {
  const [first] = causes;
  if (first === undefined) return 'nothing';
  return withNextStep(causes.map(({ text }) => text).join('; '), first.kind, first.behind);
}

/** Causes of the wait of this order before the next send. */
function heldBefore(facts: WaitFacts): readonly WaitCause[] {
  const { before, equal, postponed, pause } = facts;
  // An equal payment at the venue holds the look-up as well; two look-ups never wait for each other.
  const equalHoldsLookUp = before === 'look_up' && equal !== null && equal.state !== 'prepared';
  if (!equalHoldsLookUp) {
    if (before === 'look_up') return [cause('look_up', `${LOOK_UP}${lastFault(facts)}`)];
    if (before !== null) return [cause(before, before === 'person' ? DECISION : CONFIRMATION)];
  }
  if (equal !== null) {
    const { withdrawalId: behind, state: its } = equal;
    const text = `that withdrawal ${behind}, an equal payment (${its}), is proven to be paid or not paid: the venue's records do not distinguish the payments`;
    return [{ ...cause('equal_payment', text), behind }];
  }
  return postponed === null || postponed === pause?.cause
    ? []
    : [cause('preparation', `another try, because the order could not be sent: ${postponed}`)];
}

function pausedBy({ pause }: WaitFacts): readonly WaitCause[] {
  return pause === null
    ? []
    : [cause('pause', `the end of a pause of the venue until ${pause.until}: ${pause.cause}`)];
}

function haltedBy(halts: readonly WaitingHalt[]): string {
  const named = halts.map(
    ({ id, reason, subject, details }) => `halt ${id} (${reason}, ${subject}: ${details})`,
  );
  return `halted until a person has checked: ${named.join('; ')}`;
}

function lastFault({ postponed }: WaitFacts): string {
  return postponed === null ? '' : ` (the last look-up failed: ${postponed})`;
}

function turnOf({ ahead }: WaitFacts): string {
  return `its turn in the rate plan of the venue: ${ahead} ${ahead === 1 ? 'is' : 'are'} before it`;
}

function cause(kind: WaitKind, text: string): WaitCause {
  return { kind, text };
}

const UNLISTED = 'the decision of two people: the venue accepted the order and does not list it';
const LOOK_UP = 'a look-up in the venue’s record before the order is sent';
const DECISION = 'the decision of an operator whether the order was already paid';
const CONFIRMATION =
  'the confirmation by intake-api that the withdrawal is still open: the service was down for a while, or its database was restored';

/** Causes that follow from the state alone; null after the end, undefined before the send. */
const AT_VENUE: Readonly<Record<SubmissionState, WaitCause | null | undefined>> = {
  prepared: undefined,
  sending: cause('venue', 'the answer of the venue'),
  refusing: cause('venue', 'look-ups in the records of the venue, before its refusal counts'),
  accepted: cause('venue', 'the final word of the venue'),
  unknown: cause('venue', 'a trace in the records of the venue, or the proof that there is none'),
  repeating: cause('venue', 'the answer of the venue to the same request once more'),
  undecided: cause('person', 'the decision of a person: the venue’s records are not conclusive'),
  disputed: cause('person', 'the decision of a person: the venue’s payment differs from the order'),
  not_sent: null,
  absent: null,
  refused: null,
  settled: null,
  returned: null,
  failed: null,
};
