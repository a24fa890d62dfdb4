import {
  Amount,
  assetOf,
  type Destination,
  destinationFault,
  isSameDestination,
  ok,
  programOf,
  refuse,
  type Result,
} from '@sluice/kernel';
import {
  type Choice,
  chooseVenue,
  decisionOf,
  type PassedOverReason,
  type RouteDecision,
  type Venue,
} from './choose-venue.js';
import type { PricedOrder } from './withdrawal.js';

/** Request with well-formed fields; no field has been looked up yet. */
export interface WithdrawalRequest {
  readonly currency: string;
  readonly network: string;
  /** In canonical form. */
  readonly destination: Destination;
  /** The customer's own spelling of the address; absent: the canonical one. */
  readonly givenAddress?: string;
  /** Plain decimal text, greater than zero. */
  readonly amount: string;
  readonly clientReference: string | null;
  /** Pins the venue when given. */
  readonly venue: string | null;
}

/** Terms of a currency on a network for this account. */
export interface WithdrawalTerms extends FeeSchedule {
  readonly enabled: boolean;
  readonly minimum: string;
  /** Venues able to pay the asset, in order of preference. */
  readonly venues: readonly Venue[];
}

/** External data needed by the rules, all in memory already. */
export interface Catalogue {
  /** The account takes no request without a reference. */
  readonly requiresReference: boolean;
  hasNetwork(network: string): boolean;
  hasCurrency(currency: string): boolean;
  terms(currency: string, network: string): WithdrawalTerms | null;
  isAddress(address: string, network: string): boolean;
  /** Returns what a customer should write in place of a refused address; null: nothing is known. */
  addressHint(address: string, network: string): string | null;
  /** Returns whether money sent to the address could never be spent. Requires a valid address. */
  isLost(address: string, network: string): boolean;
  /** Returns whether the address is, or was, a paying address of ours. Requires a valid address. */
  isOurs(address: string, network: string): boolean;
  /** Returns why a transfer on the network may not have the memo, or may not lack one. */
  memoFault(memo: string | undefined, network: string): string | null;
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
  /** `fault` as `field: reason`, the field being one of the destination. */
  | { kind: 'not_payable'; fault: string }
  | { kind: 'below_minimum' }
  | { kind: 'too_many_decimals'; decimals: number }
  | { kind: 'outside_venue_limits' }
  | { kind: 'no_venue_open' }
  /** Only our wallet could pay, and this account has none on this network. */
  | { kind: 'no_hot_wallet' };

/** Accepted request and the routing decision. */
export interface PricedRequest {
  readonly order: PricedOrder;
  readonly routing: RouteDecision;
}

export interface RequestingKey {
  readonly accountId: string;
  readonly keyId: string;
  readonly referenceScope: string;
}

/** Returns why no money may go to the recipient on the network; null: it may. */
export function recipientRefusal(
  destination: Destination,
  network: string,
  catalogue: Pick<Catalogue, 'isAddress' | 'addressHint' | 'isLost' | 'isOurs' | 'memoFault'>,
): Extract<
  RequestRefusal,
  { kind: 'invalid_address' | 'lost_address' | 'own_address' | 'not_payable' }
> | null {
  if (destination.type !== 'address') return null;
  const { address, memo } = destination;
  if (!catalogue.isAddress(address, network)) {
    const hint = catalogue.addressHint(address, network);
    return hint === null
      ? { kind: 'invalid_address' }
      : { kind: 'not_payable', fault: `address: ${hint}` };
  }
  if (catalogue.isLost(address, network)) return { kind: 'lost_address' };
  if (catalogue.isOurs(address, network)) return { kind: 'own_address' };
  const fault = catalogue.memoFault(memo, network);
  return fault === null ? null : { kind: 'not_payable', fault: `memo: ${fault}` };
}

/** Checks a request in the contract's order, computes the fee and picks the venue. */
export function requestWithdrawal(
  request: WithdrawalRequest,
  caller: RequestingKey,
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
  const fault = recipientRefusal(destination, network, catalogue);
  if (fault !== null) return refuse(fault);

  const route = routeOf(request, terms);
  if (!route.ok) return route;
  const asset = assetOf(currency, network);
  const amount = Amount.of(request.amount, asset);
  // Zero raw units count as below the minimum, by the contract's order.
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
    ...(request.givenAddress !== undefined && { givenAddress: request.givenAddress }),
    amount,
  };
  const fee = feeOf(amount, scheduleOf(venue, terms));
  return ok({
    order: { ...order, fee, venue: venue.name, pinned, submitWithinMs: venue.submitWithinMs },
    routing: decisionOf(choice, pinned),
  });
}

/** Candidate venues regardless of their state. A named venue is the only candidate. */
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
  // A venue account belongs to the first venue that pays accounts.
  const able =
    destination.type === 'venue_account'
      ? paying.filter(({ name }) => programOf(name) === programOf(owner.name))
      : paying;
  const faults = able.map(({ name }) => destinationFault(name, destination));
  const [fault = null] = faults;
  return fault === null || faults.includes(null)
    ? ok(candidates)
    : refuse({ kind: 'not_payable', fault });
}

/** The first venue's fee stays fixed, also after a fail-over. */
function scheduleOf(
  { feePercent, feeFlat }: Venue,
  { percent, flat, decimals }: WithdrawalTerms,
): FeeSchedule {
  return { percent: feePercent ?? percent, flat: feeFlat ?? flat, decimals };
}

/** Reasons the customer can act on take precedence. */
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

/** Passed over for these reasons, a venue can never pay. `no_wallet` lasts until the wallet exists. */
const NEVER: ReadonlySet<PassedOverReason> = new Set(['destination', 'rules', 'no_wallet']);

/** True if a repeated client reference requests the same withdrawal. */
export function isSameRequest(order: PricedOrder, request: WithdrawalRequest): boolean {
  if (order.asset !== `${request.currency}.${request.network}`) return false;
  if (!order.amount.equals(Amount.of(request.amount, order.asset))) return false;
  if (request.venue !== null && request.venue !== order.venue) return false;
  return isSameDestination(order.destination, request.destination);
}

/** Fee per account, currency and network: percent plus flat, on top of the amount. */
interface FeeSchedule {
  /** Percent of the amount, as decimal text, e.g. `0.5`. */
  readonly percent: string;
  readonly flat: string;
  readonly decimals: number;
}

/** `amount * percent / 100 + flat`, exact, rounded up to the currency's decimals. */
function feeOf(amount: Amount, schedule: FeeSchedule): Amount {
  return amount
    .percent(schedule.percent)
    .plus(Amount.of(schedule.flat, amount.asset))
    .roundedUp(schedule.decimals);
}
