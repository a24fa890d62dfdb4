import type { Destination } from '@sluice/kernel';

/** Payment of a venue without a known withdrawal. */
export interface UnclaimedPayment {
  readonly venue: string;
  /** The reference of the venue's record. */
  readonly record: string;
  readonly clientReference: string | null;
  /** Currency, amount and recipient; null where only the reference is compared. */
  readonly payment: string | null;
}

/** Order about to be sent to `venue`. */
export interface GivenOrder {
  readonly venue: string;
  /** Venues with proof of non-payment for this order. */
  readonly tried: readonly string[];
  readonly pinned: boolean;
  readonly destination: Destination;
  /** Our reference at a venue. */
  readonly clientReference: string | null;
  readonly payment: string;
}

/** Known data of the other venues. */
interface OtherVenues {
  /** Venues of the route with an unread record since the restore. */
  readonly unread: readonly string[];
  readonly payments: readonly UnclaimedPayment[];
}

/**
 * Reason for holding an order back. `unread`: another venue may have paid the order, and has not
 * read the record of payments yet. `paid_elsewhere`: another venue has a payment possibly for this
 * order. `moves`: the order moves to this venue for a person's decision.
 */
export type OrderHold =
  | { readonly kind: 'unread'; readonly venues: readonly string[] }
  | { readonly kind: 'paid_elsewhere'; readonly by: UnclaimedPayment; readonly moves: boolean };

/** Format of references derived from a client's reference. */
const OF_CLIENT = /^c[0-9A-Za-z]{22,31}$/;

/**
 * Returns null if the order may be sent. Only a payment to an address is the same at two venues; a
 * venue account is not.
 */
export function holdOf(order: GivenOrder, { unread, payments }: OtherVenues): OrderHold | null {
  if (order.destination.type !== 'address') return null;
  const fitting = payments.filter((payment) => fits(order, payment));
  if (fitting.some((payment) => payment.venue === order.venue && isSameReference(order, payment)))
    // the order's own venue has a payment under the same reference and adopts the payment
    return null;
  const others = fitting.filter(({ venue }) => isOther(order, venue));
  const by = others.find((payment) => isSameReference(order, payment)) ?? others[0];
  if (by) return { kind: 'paid_elsewhere', by, moves: !order.pinned };
  const venues = order.pinned ? [] : unread.filter((venue) => isOther(order, venue));
  return venues.length > 0 ? { kind: 'unread', venues } : null;
}

/**
 * Compares by our reference, or by currency, amount and recipient. If both references are derived
 * from client references, only equal references match. A pinned order cannot be paid by another
 * venue: an equal payment at another venue belongs to a different order.
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
