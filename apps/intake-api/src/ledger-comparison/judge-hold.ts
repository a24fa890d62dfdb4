import type { ComparedHoldDto } from '@sluice/http-api';
import { Amount, assetOf } from '@sluice/kernel';
import type { State } from '@sluice/withdrawal-core';
import { timeOfId } from '../rows/id-time.js';

export interface ComparedWithdrawal {
  readonly id: string;
  readonly number: string;
  readonly state: State;
  readonly currency: string;
  readonly network: string;
  readonly amount: string;
  readonly fee: string;
  readonly venue: string;
  /** Earlier venues; each has refused the withdrawal. */
  readonly tried: readonly string[];
  /** The ledger has confirmed the venue's assignment of the hold. */
  readonly assigned: boolean;
  /** Fee taken by the venue and booked by the ledger; null without a booked fee. */
  readonly venue_fee: string | null;
  /** Amount that came back; null without a return. */
  readonly returned_amount: string | null;
}

type DifferenceKind =
  | 'hold_missing'
  | 'assignment_missing'
  | 'capture_missing'
  | 'captured_otherwise'
  | 'venue_fee_missing'
  | 'return_missing'
  | 'release_missing'
  | 'ended_otherwise';

export interface Difference {
  readonly kind: DifferenceKind;
  readonly detail: string;
}

/** Final states, for intake-api and for the ledger. */
export const SETTLED: ReadonlySet<State> = new Set([
  'rejected',
  'completed',
  'returned',
  'failed',
  'cancelled',
]);

/**
 * Difference between the withdrawal and the ledger's hold; null if both agree. The hold, read
 * later, may be a step ahead but never behind. Holds older than `detachedBefore` are archived.
 */
export function judgeHold(
  withdrawal: ComparedWithdrawal,
  hold: ComparedHoldDto | undefined,
  detachedBefore: string | null,
): Difference | null {
  const { state, id } = withdrawal;
  if (state === 'requested') return null;
  if (hold === undefined) {
    if (state === 'rejected' || state === 'failed' || state === 'cancelled') return null;
    if (detachedBefore !== null && timeOfId(id) < Date.parse(detachedBefore)) return null;
    return {
      kind: 'hold_missing',
      detail: `the withdrawal is ${state}, and the ledger has no hold for it`,
    };
  }
  switch (state) {
    case 'completed':
    case 'returning':
      return judgePaid(withdrawal, hold);
    case 'returned':
      return judgePaid(withdrawal, hold) ?? judgeReturned(withdrawal, hold);
    case 'failed':
    case 'cancelled':
    case 'rejected':
      return judgeUnpaid(state, hold);
    default:
      return judgeUnfinished(withdrawal, hold);
  }
}

/** A hold at a venue outside `tried` is a step ahead. */
function judgeUnfinished(
  { state, venue, tried, assigned }: ComparedWithdrawal,
  hold: ComparedHoldDto,
): Difference | null {
  if (hold.state === 'refused')
    return { kind: 'hold_missing', detail: `the withdrawal is ${state}, and the hold was refused` };
  return assigned && hold.venue !== null && tried.includes(hold.venue)
    ? {
        kind: 'assignment_missing',
        detail: `the withdrawal is ${state} at ${venue}; the hold is still assigned to ${hold.venue}`,
      }
    : null;
}

function judgePaid(withdrawal: ComparedWithdrawal, hold: ComparedHoldDto): Difference | null {
  const { amount, fee, venue, currency, network, venue_fee: venueFee } = withdrawal;
  const asset = assetOf(currency, network);
  const paid = `${amount} ${asset} were paid by ${venue}, with a fee of ${fee}`;
  if (hold.state === 'placed')
    return { kind: 'capture_missing', detail: `${paid}; its hold is placed, and not captured` };
  if (hold.state !== 'captured')
    return { kind: 'ended_otherwise', detail: `${paid}; its hold is ${hold.state}` };
  const isSame =
    hold.asset === asset &&
    hold.venue === venue &&
    isEqual(hold.captured, amount) &&
    isEqual(hold.fee, fee);
  if (!isSame)
    return {
      kind: 'captured_otherwise',
      detail: `${paid}; captured were ${hold.captured} ${hold.asset} of ${hold.venue}, with a fee of ${hold.fee}`,
    };
  return venueFee !== null && hold.venue_fee === null
    ? { kind: 'venue_fee_missing', detail: `${venue} took ${venueFee}, which is not booked` }
    : null;

  function isEqual(booked: string | null, asked: string): boolean {
    return booked !== null && Amount.of(booked, asset).equals(Amount.of(asked, asset));
  }
}

/** The amount follows from the venue's proof, which the ledger has verified. */
function judgeReturned(
  { returned_amount: amount, venue }: ComparedWithdrawal,
  { returned }: ComparedHoldDto,
): Difference | null {
  if (returned !== null) return null;
  return { kind: 'return_missing', detail: `${amount} came back to ${venue}, which is not booked` };
}

function judgeUnpaid(state: State, hold: ComparedHoldDto): Difference | null {
  if (hold.state === 'placed')
    return {
      kind: 'release_missing',
      detail: `the withdrawal is ${state}; the hold is placed again`,
    };
  return hold.state === 'captured'
    ? { kind: 'ended_otherwise', detail: `the withdrawal is ${state}; the hold is captured` }
    : null;
}
