import { Amount, amountFault, type Destination, destinationFault, programOf } from '@sluice/kernel';
import type { Order } from './withdrawal.js';

/** `on` takes withdrawals, `paused` none for now, `closing` no new ones. Taken ones are followed. */
export type VenueState = 'on' | 'paused' | 'closing';

export interface Venue {
  readonly name: string;
  readonly pays: readonly Destination['type'][];
  readonly state: VenueState;
  /** Bounds of the recipient's amount, decimal text; null: none. */
  readonly minimum: string | null;
  readonly maximum: string | null;
  /** Maximum number of decimals the venue pays; null = the currency's decimals. */
  readonly decimals: number | null;
  /** Fee of a withdrawal routed to this venue first; null = the fee of the terms. */
  readonly feePercent: string | null;
  readonly feeFlat: string | null;
  /** Time limit for the venue to begin, in milliseconds; null = no limit. */
  readonly submitWithinMs: number | null;
  /** True for our own wallet if no wallet is known to pay this account on this network. */
  readonly hasNoWallet?: boolean;
}

/** Why a venue of the route does not get the withdrawal. `rules`: the venue could never pay the recipient. */
export type PassedOverReason =
  'tried' | 'paused' | 'closing' | 'destination' | 'rules' | 'no_wallet' | 'decimals' | 'limits';

export interface Choice {
  /** Null when no venue of the route can take the withdrawal now. */
  readonly venue: Venue | null;
  readonly passed: readonly { readonly venue: string; readonly because: PassedOverReason }[];
}

/**
 * First venue of the route able to pay now and not tried before. A venue account belongs to the
 * first venue with accounts, open or not: elsewhere it may be another person's.
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
      : owner && programOf(owner.name) !== programOf(venue.name)
        ? 'destination'
        : reasonAgainst(wanted, venue);
    if (because === null) return { venue, passed };
    passed.push({ venue: venue.name, because });
  }
  return { venue: null, passed };
}

/** True if another venue of the route could take the withdrawal, now or later. */
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
  if (destinationFault(venue.name, destination) !== null) return 'rules';
  if (hasNoWallet) return 'no_wallet';
  if (state !== 'on') return state;
  if (decimals !== null && amount.decimals() > decimals) return 'decimals';
  if (amountFault(venue.name, amount) !== null) return 'limits';
  const tooLittle = minimum !== null && amount.lessThan(Amount.of(minimum, amount.asset));
  const tooMuch = maximum !== null && Amount.of(maximum, amount.asset).lessThan(amount);
  return tooLittle || tooMuch ? 'limits' : null;
}

export interface RouteDecision {
  /** Null when no venue of the route could take the withdrawal. */
  readonly venue: string | null;
  /** The request named the venue, and no other venue was considered. */
  readonly named: boolean;
  /** Venues earlier in the route, each with the reason for being passed over. */
  readonly passed: Choice['passed'];
}

export function decisionOf({ venue, passed }: Choice, named = false): RouteDecision {
  return { venue: venue?.name ?? null, named, passed };
}

/** Short text of a decision for the history: `second (first: paused)`. */
export function describeDecision({ venue, named, passed }: RouteDecision): string {
  if (named) return `${venue} (named by the request)`;
  const others = passed.map((other) => `${other.venue}: ${other.because}`).join(', ');
  return `${venue ?? 'no other venue'}${others === '' ? '' : ` (${others})`}`;
}

/** Refusals about the venue: another venue may pay. Any other refusal ends the withdrawal. */
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
  'unlisted_code',
]);
