import type { Destination } from '@sluice/destination';

/** A payment that a venue has made and that no withdrawal here is known to be. */
export interface UnclaimedPayment {
  readonly venue: string;
  /** The reference of the venue's record. */
  readonly record: string;
  readonly clientReference: string | null;
  /** Currency, amount and recipient; null where only the reference is compared. */
  readonly payment: string | null;
}

/** An order that is about to be given to `venue`. */
export interface GivenOrder {
  readonly venue: string;
  /** Venues that have proven that they moved nothing of it. */
  readonly tried: readonly string[];
  readonly pinned: boolean;
  readonly destination: Destination;
  /** Our reference at a venue. */
  readonly clientReference: string | null;
  readonly payment: string;
}

/** What is known of the other venues. */
export interface OtherVenues {
  /** Venues of the route that have not read their record since the restore. */
  readonly unread: readonly string[];
  readonly payments: readonly UnclaimedPayment[];
}

/**
 * Why an order is not given to its venue now. `unread`: another venue may have paid it, and has not read its record yet.
 * `paid_elsewhere`: another venue has a payment that may be this order; `moves`: the order goes there for the decision of a person.
 */
export type OrderHold =
  | { readonly kind: 'unread'; readonly venues: readonly string[] }
  | { readonly kind: 'paid_elsewhere'; readonly by: UnclaimedPayment; readonly moves: boolean };

/** A reference that intake-api derives from the client's own. */
const OF_CLIENT = /^c[0-9A-Za-z]{22,31}$/;

/** Null when the order may be given. Only a payment to an address is the same at two venues; a venue's account is not. */
export function holdOf(order: GivenOrder, { unread, payments }: OtherVenues): OrderHold | null {
  if (order.destination.type !== 'address') return null;
  const fitting = payments.filter((payment) => fits(order, payment));
  if (fitting.some((payment) => payment.venue === order.venue && isSameReference(order, payment)))
    return null; // its own venue has it under its reference and adopts it
  const others = fitting.filter(({ venue }) => isOther(order, venue));
  const by = others.find((payment) => isSameReference(order, payment)) ?? others[0];
  if (by) return { kind: 'paid_elsewhere', by, moves: !order.pinned };
  const venues = order.pinned ? [] : unread.filter((venue) => isOther(order, venue));
  return venues.length > 0 ? { kind: 'unread', venues } : null;
}

/**
 * Equal by our reference, or by currency, amount and recipient. A payment under a reference that was derived from a client's own is of that
 * reference alone. No other venue can have paid a pinned order, so an equal payment there is another one.
 */
function fits(order: GivenOrder, payment: UnclaimedPayment): boolean {
  if (isSameReference(order, payment)) return true;
  if (payment.payment !== order.payment) return false;
  if (order.pinned && payment.venue !== order.venue) return false;
  return !(
    OF_CLIENT.test(order.clientReference ?? '') && OF_CLIENT.test(payment.clientReference ?? '')
  );
}

function isSameReference(order: GivenOrder, { clientReference }: UnclaimedPayment): boolean {
  return clientReference !== null && clientReference === order.clientReference;
}

function isOther({ venue, tried }: GivenOrder, other: string): boolean {
  return other !== venue && !tried.includes(other);
}
