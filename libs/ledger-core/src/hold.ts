import type { Amount } from '@sluice/kernel';
import type { AccountId, Instant, WithdrawalId } from './account.js';

/** Refusals are stored too: the same request always gets the same answer. */
export type Hold = PlacedHold | CapturedHold | ReleasedHold | ExpiredHold | RefusedHold;

/** Hold in a final state; no command reopens a closed hold. */
export type ClosedHold = CapturedHold | ReleasedHold | ExpiredHold;

interface HoldTerms {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Payout plus fee. */
  readonly amount: Amount;
  readonly decidedAt: Instant;
  /** Digest of the order; null for a hold without an order. */
  readonly digest: string | null;
  /** Key of the client's reference; null without one, and for a refused hold. */
  readonly reference: string | null;
  /** Only venue allowed to pay the withdrawal now; null if no venue pays the hold. */
  readonly assignedTo: string | null;
  /** Digest of the key written with the end; null for a refused hold. */
  readonly lock: string | null;
  readonly policy: HoldPolicy;
  /** Time of the last assignment to another venue; null while the first venue has the hold. */
  readonly assignedAt: Instant | null;
  /** Key of the grant, written with the approval; null before, or without one. */
  readonly grant: string | null;
}

/** Facts of a hold that the limits count, and the decision of the policy. They never change. */
export interface HoldPolicy {
  /** Version of the rule set that decided the hold; 0 for the default set. */
  readonly version: number;
  /** Amount for the recipient, without the fee. */
  readonly payout: Amount;
  /** API key of the request; null if unknown. */
  readonly keyId: string | null;
  /** Digest of the recipient; null if unknown. */
  readonly recipient: string | null;
  /** EUR for one unit of the asset, as decimal text; null if no limit needed it. */
  readonly priceEur: string | null;
  /** Venue of the decision; null if no rule in force depended on the venue. */
  readonly venue: string | null;
  /** Counts of the limits before the hold, by rule; null if no limit applied. */
  readonly used: Readonly<Record<string, string>> | null;
  /** Facts about the recipient at the decision; null if no rule needed them. */
  readonly history: HoldRecipientHistory | null;
  /** Approval that the payment waits for; null: none was needed. */
  readonly approval: HoldApproval | null;
}

/** Recorded facts about a recipient, for the account that pays. */
interface HoldRecipientHistory {
  /** A usable entry of the address book names the recipient. */
  readonly isInBook: boolean;
  readonly wasPaid: boolean;
  /** A paid recipient has a similar address. */
  readonly resemblesPaid: boolean;
  /** The account pays only to usable entries of its book. */
  readonly isBookOnly: boolean;
}

/** Approval of a payment by people, as first asked for. */
export interface HoldApproval {
  /** Digest of what the approvers see. */
  readonly digest: string;
  readonly expiresAt: Instant;
  /** Venue that may pay after the grant. */
  readonly venue: string;
  readonly quorums: readonly { readonly group: string; readonly need: number }[];
}

interface Reserved extends HoldTerms {
  /** Time just before the first venue call; null before, and without an expiry. */
  readonly submissionStartedAt: Instant | null;
}

/** Hold with reserved funds; no money has moved. */
export interface PlacedHold extends Reserved {
  readonly state: 'placed';
  /** Expiry while no submission has started. Null: waits for proof without a limit. */
  readonly expiresAt: Instant | null;
}

/** Paid: journal entry `entryId` debited `captured` + `fee` and has the venue's fee; the rest of the amount was given back. */
export interface CapturedHold extends Reserved {
  readonly state: 'captured';
  readonly captured: Amount;
  readonly fee: Amount;
  /** The venue's fee in the lines of the entry; null if the capture named none. */
  readonly venueFee: Amount | null;
  readonly venue: string;
  readonly entryId: string;
  readonly closedAt: Instant;
}

/** Proven unpaid: the whole amount was given back. */
export interface ReleasedHold extends Reserved {
  readonly state: 'released';
  readonly reason: string;
  /** Proof of the assigned venue; null for a hold without a venue. */
  readonly proof: string | null;
  readonly closedAt: Instant;
}

/** Expired hold: no submission started in time, and the whole amount was released. */
export interface ExpiredHold extends Reserved {
  readonly state: 'expired';
  readonly closedAt: Instant;
}

/** Refused hold; no funds were ever reserved. */
export interface RefusedHold extends HoldTerms {
  readonly state: 'refused';
  readonly refusal: HoldRefusal;
}

export type HoldRefusal =
  | { kind: 'amount_not_positive' }
  | { kind: 'account_not_found' }
  | { kind: 'account_frozen' }
  /** The order is unsigned or was used before, and the account requires signed orders. */
  | { kind: 'order_not_signed' }
  /** A rule of the spending policy refuses the withdrawal, or cannot be evaluated. */
  | { kind: 'policy_denied'; rule: string }
  /** A limit allows `remaining` now, and the amount at `freesAt`; null: never. */
  | {
      kind: 'limit_exceeded';
      rule: string;
      remaining: string;
      unit: string;
      freesAt: Instant | null;
    }
  | { kind: 'insufficient_funds'; available: Amount };

export const HOLD_STATES = ['placed', 'captured', 'released', 'expired', 'refused'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

export type HoldCommand =
  | 'place-hold'
  | 'assign-hold'
  | 'grant-hold'
  | 'start-submission'
  | 'capture-hold'
  | 'release-hold'
  | 'expire-hold';

type Transitions = Readonly<
  Record<'none' | HoldState, Readonly<Partial<Record<HoldCommand, readonly HoldState[]>>>>
>;

/**
 * Next states by state and command; `none`: no hold yet. A started submission prevents expiry only.
 * A command not listed replays its first outcome or is refused.
 */
export const HOLD_TRANSITIONS: Transitions = {
  none: { 'place-hold': ['placed', 'refused'] },
  placed: {
    'assign-hold': ['placed'],
    'grant-hold': ['placed'],
    'start-submission': ['placed'],
    'capture-hold': ['captured'],
    'release-hold': ['released'],
    'expire-hold': ['expired'],
  },
  captured: {},
  released: {},
  expired: {},
  refused: {},
};

/** Returns true if some command leads directly from `from` to `to`. */
export function mayFollow(from: HoldState, to: HoldState): boolean {
  return statesAfter(from).includes(to);
}

function statesAfter(from: 'none' | HoldState): readonly HoldState[] {
  return Object.values(HOLD_TRANSITIONS[from]).flat();
}

/** States with reserved funds: a command can still change the hold. */
export const OPEN_HOLD_STATES = HOLD_STATES.filter((state) => statesAfter(state).length > 0);

/** Final states of holds with formerly reserved funds. */
export const CLOSED_HOLD_STATES = HOLD_STATES.filter(
  (state) =>
    statesAfter(state).length === 0 && OPEN_HOLD_STATES.some((open) => mayFollow(open, state)),
);

/** Time in a state before a report as overdue, and the event that ends the state. */
interface HoldLimit {
  readonly minutes: number;
  readonly movedOnBy: string;
}

/** Null for a final state. A hold waits for proof without a limit, and is reported. */
export const HOLD_LIMITS: Readonly<Record<HoldState, HoldLimit | null>> = {
  placed: {
    minutes: 48 * 60,
    movedOnBy: 'the capture or release of the withdrawal, or the due time of the hold',
  },
  captured: null,
  released: null,
  expired: null,
  refused: null,
};
