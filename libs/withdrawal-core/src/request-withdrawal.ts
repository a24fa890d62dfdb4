import { accountFault, isSameDestination, takesMemo, type Destination } from '@sluice/destination';
import { Amount, assetOf } from '@sluice/money';
import { ok, refuse, type Result } from '@sluice/result';
import { feeOf, type FeeSchedule } from './price.js';
import {
  chooseVenue,
  decisionOf,
  hasMemo,
  type Choice,
  type PassedOverReason,
  type RouteDecision,
  type Venue,
} from './choose-venue.js';
import type { PricedOrder } from './withdrawal.js';

/** A request whose fields have the right form; nothing in it has been looked up yet. */
export interface WithdrawalRequest {
  readonly currency: string;
  readonly network: string;
  readonly destination: Destination;
  /** Plain decimal text, greater than zero. */
  readonly amount: string;
  readonly clientReference: string | null;
  /** Pins the venue when given. */
  readonly venue: string | null;
}

/** One currency on one network, as this account may use it. */
export interface WithdrawalTerms extends FeeSchedule {
  readonly enabled: boolean;
  readonly minimum: string;
  /** Venues that may pay it, in the order of preference. */
  readonly venues: readonly Venue[];
}

/** What the rules need to know of the outside: all of it is already in memory. */
export interface Catalogue {
  /** The account takes no request without a reference. */
  readonly requiresReference: boolean;
  hasNetwork(network: string): boolean;
  hasCurrency(currency: string): boolean;
  terms(currency: string, network: string): WithdrawalTerms | null;
  isAddress(address: string, network: string): boolean;
  /** Of an address that is one: whether nobody could spend what is sent there. */
  isLost(address: string, network: string): boolean;
  /** Of an address that is one: whether it is one that we pay from ourselves, or did. */
  isOurs(address: string, network: string): boolean;
}

export type RequestRefusal =
  | { kind: 'reference_required' }
  | { kind: 'network_not_found' }
  | { kind: 'currency_not_found' }
  | { kind: 'not_enabled' }
  | { kind: 'invalid_address' }
  | { kind: 'lost_address' }
  | { kind: 'own_address' }
  | { kind: 'venue_not_available'; venue: string }
  | { kind: 'destination_not_supported' }
  | { kind: 'memo_not_supported' }
  /** `fault` as `field: reason`. */
  | { kind: 'not_an_account'; fault: string }
  | { kind: 'below_minimum' }
  | { kind: 'too_many_decimals'; decimals: number }
  | { kind: 'outside_venue_limits' }
  | { kind: 'no_venue_open' }
  /** Only our own wallet could pay it, and there is none for this account on this network. */
  | { kind: 'no_hot_wallet' };

/** A request that was taken, and how its venue was found. */
export interface PricedRequest {
  readonly order: PricedOrder;
  readonly routing: RouteDecision;
}

export interface Caller {
  readonly accountId: string;
  readonly keyId: string;
  readonly referenceScope: string;
}

/** Checks a request in the contract's order, prices it and picks its venue. Whether the account can pay is the ledger's to say. */
export function requestWithdrawal(
  request: WithdrawalRequest,
  caller: Caller,
  catalogue: Catalogue,
  id: string,
): Result<PricedRequest, RequestRefusal> {
  const { currency, network, destination } = request;
  if (catalogue.requiresReference && request.clientReference === null)
    return refuse({ kind: 'reference_required' });
  if (!catalogue.hasNetwork(network)) return refuse({ kind: 'network_not_found' });
  if (!catalogue.hasCurrency(currency)) return refuse({ kind: 'currency_not_found' });
  const terms = catalogue.terms(currency, network);
  if (!terms?.enabled) return refuse({ kind: 'not_enabled' });
  if (destination.type === 'address') {
    const { address } = destination;
    if (!catalogue.isAddress(address, network)) return refuse({ kind: 'invalid_address' });
    if (catalogue.isLost(address, network)) return refuse({ kind: 'lost_address' });
    if (catalogue.isOurs(address, network)) return refuse({ kind: 'own_address' });
  }

  const route = routeOf(request, terms);
  if (!route.ok) return route;
  const asset = assetOf(currency, network);
  const amount = Amount.of(request.amount, asset);
  // Zero in raw on-chain units counts as too little before it counts as too precise: that is the contract's own order.
  if (
    amount.roundedDown(terms.decimals).isZero() ||
    amount.lessThan(Amount.of(terms.minimum, asset))
  )
    return refuse({ kind: 'below_minimum' });
  if (amount.decimals() > terms.decimals)
    return refuse({ kind: 'too_many_decimals', decimals: terms.decimals });

  const choice = chooseVenue({ destination, amount }, [], route.value);
  const { venue } = choice;
  if (venue === null) return refuse(noVenueRefusal(route.value, choice.passed));

  const pinned = request.venue !== null;
  const order = {
    id,
    accountId: caller.accountId,
    keyId: caller.keyId,
    referenceScope: caller.referenceScope,
    clientReference: request.clientReference,
    asset,
    destination,
    amount,
  };
  const fee = feeOf(amount, scheduleOf(venue, terms));
  return ok({
    order: { ...order, fee, venue: venue.name, pinned, submitWithinMs: venue.submitWithinMs },
    routing: decisionOf(choice, pinned),
  });
}

/** The venues that may get it, whatever their state: the named one alone, if one is named. */
function routeOf(
  { venue, destination }: WithdrawalRequest,
  terms: WithdrawalTerms,
): Result<readonly Venue[], RequestRefusal> {
  const candidates =
    venue === null ? terms.venues : terms.venues.filter((candidate) => candidate.name === venue);
  if (candidates.length === 0 && venue !== null)
    return refuse({ kind: 'venue_not_available', venue });
  const paying = candidates.filter(({ pays }) => pays.includes(destination.type));
  const [owner] = paying;
  if (owner === undefined) return refuse({ kind: 'destination_not_supported' });
  if (hasMemo(destination) && !paying.some(({ name }) => takesMemo(name)))
    return refuse({ kind: 'memo_not_supported' });
  const fault = destination.type === 'venue_account' ? accountFault(owner.name, destination) : null;
  return fault === null ? ok(candidates) : refuse({ kind: 'not_an_account', fault });
}

/** The price is that of the first choice, and it stays: a customer who was shown a fee pays no other because a venue has refused. */
function scheduleOf(
  { feePercent, feeFlat }: Venue,
  { percent, flat, decimals }: WithdrawalTerms,
): FeeSchedule {
  return { percent: feePercent ?? percent, flat: feeFlat ?? flat, decimals };
}

/** Of what stands in the way, what the customer can do something about comes first. */
function noVenueRefusal(route: readonly Venue[], passed: Choice['passed']): RequestRefusal {
  const tooPrecise = route.filter(({ name }) =>
    passed.some(({ venue, because }) => venue === name && because === 'decimals'),
  );
  if (tooPrecise.length > 0)
    return {
      kind: 'too_many_decimals',
      decimals: Math.max(...tooPrecise.map(({ decimals }) => decimals ?? 0)),
    };
  if (passed.every(({ because }) => NEVER.has(because))) return { kind: 'no_hot_wallet' };
  return {
    kind: passed.some(({ because }) => because === 'limits')
      ? 'outside_venue_limits'
      : 'no_venue_open',
  };
}

/** A venue of the route that is passed over for one of these pays no such withdrawal, whatever its state; one of them could, if it had a wallet. */
const NEVER: ReadonlySet<PassedOverReason> = new Set(['destination', 'memo', 'no_wallet']);

/** Whether a repeated client reference asks for the very thing it asked for the first time. */
export function isSameRequest(order: PricedOrder, request: WithdrawalRequest): boolean {
  if (order.asset !== `${request.currency}.${request.network}`) return false;
  if (!order.amount.equals(Amount.of(request.amount, order.asset))) return false;
  if (request.venue !== null && request.venue !== order.venue) return false;
  return isSameDestination(order.destination, request.destination);
}
