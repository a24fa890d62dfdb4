import { takesMemo, type Destination } from '@sluice/destination';
import { Amount } from '@sluice/money';
import type { Order } from './withdrawal.js';

/** `on` takes withdrawals; `paused` takes none for now, `closing` none any more. What a venue has taken is followed to its end in each. */
export type VenueState = 'on' | 'paused' | 'closing';

/** One venue of a route. */
export interface Venue {
  readonly name: string;
  readonly pays: readonly Destination['type'][];
  readonly state: VenueState;
  /** What the recipient may get by one withdrawal, decimal text; null = no limit of ours. */
  readonly minimum: string | null;
  readonly maximum: string | null;
  /** Most decimals of an amount that it pays; null = as many as the currency has. */
  readonly decimals: number | null;
  /** What a withdrawal costs that goes to it first; null = what the terms say. */
  readonly feePercent: string | null;
  readonly feeFlat: string | null;
  /** How long it has to begin, in milliseconds; null = as long as it takes. */
  readonly submitWithinMs: number | null;
  /** It is our own wallet, and none is known that pays this account on this network. */
  readonly hasNoWallet?: boolean;
}

/** Why a venue of the route does not get the withdrawal. */
export type PassedOverReason =
  'tried' | 'paused' | 'closing' | 'destination' | 'memo' | 'no_wallet' | 'decimals' | 'limits';

export interface Choice {
  /** Null when no venue of the route can take it now. */
  readonly venue: Venue | null;
  readonly passed: readonly { readonly venue: string; readonly because: PassedOverReason }[];
}

/**
 * The first venue of the route, in its order, that can take it now and has not been tried. An account of a venue is somebody else's at
 * another: unless the request narrows the route to one, the first venue that pays accounts is meant, open or not.
 */
export function chooseVenue(
  wanted: Pick<Order, 'destination' | 'amount'>,
  tried: readonly string[],
  route: readonly Venue[],
): Choice {
  const passed: { venue: string; because: PassedOverReason }[] = [];
  const owner =
    wanted.destination.type === 'venue_account'
      ? route.find(({ pays }) => pays.includes('venue_account'))
      : undefined;
  for (const venue of route) {
    const because = tried.includes(venue.name)
      ? 'tried'
      : owner && owner !== venue
        ? 'destination'
        : reasonAgainst(wanted, venue);
    if (because === null) return { venue, passed };
    passed.push({ venue: venue.name, because });
  }
  return { venue: null, passed };
}

/** Whether another venue of the route could get it, now or once that venue takes withdrawals again. */
export function hasOtherVenue(
  wanted: Pick<Order, 'destination' | 'amount'>,
  chosen: string,
  route: readonly Venue[],
): boolean {
  return route.some((venue) => {
    if (venue.name === chosen) return false;
    const because = reasonAgainst(wanted, venue);
    return because === null || because === 'paused' || because === 'closing';
  });
}

function reasonAgainst(
  { destination, amount }: Pick<Order, 'destination' | 'amount'>,
  venue: Venue,
): PassedOverReason | null {
  const { pays, state, decimals, minimum, maximum, hasNoWallet = false } = venue;
  if (!pays.includes(destination.type)) return 'destination';
  if (hasMemo(destination) && !takesMemo(venue.name)) return 'memo';
  if (hasNoWallet) return 'no_wallet';
  if (state !== 'on') return state;
  if (decimals !== null && amount.decimals() > decimals) return 'decimals';
  const tooLittle = minimum !== null && amount.lessThan(Amount.of(minimum, amount.asset));
  const tooMuch = maximum !== null && Amount.of(maximum, amount.asset).lessThan(amount);
  return tooLittle || tooMuch ? 'limits' : null;
}

export function hasMemo(destination: Destination): boolean {
  return destination.type === 'address' && destination.memo !== undefined;
}

/** A choice as it is put on record. */
export interface RouteDecision {
  /** Null when no venue of the route could take it. */
  readonly venue: string | null;
  /** The request named that venue, and no other was considered. */
  readonly named: boolean;
  /** The venues before it in the route, and why each was not taken. */
  readonly passed: Choice['passed'];
}

export function decisionOf({ venue, passed }: Choice, named = false): RouteDecision {
  return { venue: venue?.name ?? null, named, passed };
}

/** A decision in a few words, as history shows it: `bybit (gateio: paused)`. */
export function describeDecision({ venue, named, passed }: RouteDecision): string {
  if (named) return `${venue} (named by the request)`;
  const others = passed.map((other) => `${other.venue}: ${other.because}`).join(', ');
  return `${venue ?? 'no other venue'}${others === '' ? '' : ` (${others})`}`;
}

/**
 * Refusals that say something about the venue, not about the withdrawal: another venue may well pay it. What is not here ends the
 * withdrawal: a bad address is bad everywhere, and what was looked up after an unknown outcome is never sent anywhere again.
 */
export const FAIL_OVER_REASONS: ReadonlySet<string> = new Set([
  'insufficient_venue_funds',
  'not_supported',
  'limit',
  'not_permitted',
  'venue_closed',
  'venue_restricted',
  'withdrawals_closed',
  'address_not_in_book',
  'address_not_usable_yet',
  'expired',
]);
