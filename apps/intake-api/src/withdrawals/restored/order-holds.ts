import { currencyOf, type Destination, destinationKey } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import type { State } from '@sluice/withdrawal-core';
import type { OpenedCase } from '../../cases/withdrawal-cases.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';

/** Reasons for holding withdrawals back, by id; withdrawals free to be sent are absent. */
export type OrderHolds = ReadonlyMap<string, OrderHold>;

export const NO_HOLDS: OrderHolds = new Map();

/** States allowing an order to be sent to the venue, for the first time or again. */
const MAY_BE_GIVEN: ReadonlySet<State> = new Set([
  'requested',
  'awaiting_approval',
  'submitting',
  'uncertain',
]);

interface OpenRestore {
  /** Restore requiring venues to read their records; null after all venues have read. */
  readonly life: string | null;
  /** Only earlier requests wait for the venues; null = all. */
  readonly before: Date | null;
}

/** Computes holds for all given withdrawals in a constant number of queries. */
export async function holdsOf(
  tx: Tx,
  stored: Iterable<StoredWithdrawal>,
  { life, before }: OpenRestore,
): Promise<OrderHolds> {
  const given = [...stored].filter(
    ({ withdrawal: { state, order } }) =>
      MAY_BE_GIVEN.has(state) && order.destination.type === 'address',
  );
  if (given.length === 0) return NO_HOLDS;
  const orders = given.map((one) => ({ one, payment: paymentOf(one) }));
  const [payments, unread] = await Promise.all([
    tx.query<UnclaimedPayment>(FITTING, [
      given.map(({ venueClientReference }) => venueClientReference),
      orders.map(({ payment }) => payment),
    ]),
    life === null ? [] : tx.query<{ asset: string; venue: string }>(UNREAD, [life]),
  ]);
  const unreadOf = Map.groupBy(unread, ({ asset }) => asset);
  const byReference = Map.groupBy(payments, ({ clientReference }) => clientReference);
  const byPayment = Map.groupBy(payments, ({ payment }) => payment);
  const holds = orders.flatMap(({ one, payment }): [string, OrderHold][] => {
    const { order, venue, tried } = one.withdrawal;
    const clientReference = one.venueClientReference;
    const fitting = [
      ...(clientReference === null ? [] : (byReference.get(clientReference) ?? [])),
      ...(byPayment.get(payment) ?? []),
    ];
    const waits = before === null || order.requestedAt < before;
    const venues = waits ? (unreadOf.get(order.asset) ?? []).map((other) => other.venue) : [];
    const { pinned, destination } = order;
    const hold = holdOf(
      { venue, tried, pinned, destination, clientReference, payment },
      { unread: venues, payments: fitting },
    );
    return hold === null ? [] : [[order.id, hold]];
  });
  return new Map(holds);
}

/** Holds every order back that may be sent to a venue. */
export function allHeld(stored: Iterable<StoredWithdrawal>): OrderHolds {
  return new Map(
    [...stored]
      .filter(({ withdrawal }) => MAY_BE_GIVEN.has(withdrawal.state))
      .map(({ withdrawal }) => [withdrawal.order.id, { kind: 'unread', venues: [] }]),
  );
}

/** In the words of a connector (`equalityKey`). */
function paymentOf({ withdrawal: { order } }: StoredWithdrawal): string {
  return `${currencyOf(order.asset)} ${order.amount.toString()} ${destinationKey(order.destination)}`;
}

/** Case for a person's decision at the venue with the payment; names both venues. */
export function paidElsewhereCase(
  { withdrawal: { order, state, venue } }: StoredWithdrawal,
  { by, moves }: Extract<OrderHold, { kind: 'paid_elsewhere' }>,
): OpenedCase {
  const recipient = destinationKey(order.destination);
  return {
    messageId: `may_be_paid_already ${by.venue} ${by.record} ${order.id}`,
    withdrawalId: order.id,
    state,
    trigger: 'may_be_paid_already',
    detail: JSON.stringify({
      paidBy: by.venue,
      venueReference: by.record,
      clientReference: by.clientReference,
      asset: order.asset,
      amount: order.amount.toString(),
      recipient,
      venue,
      moves,
    }),
  };
}

const FITTING = `
  SELECT venue, record, client_reference AS "clientReference", payment_key AS payment FROM venue_payment
   WHERE closed_at IS NULL AND (client_reference = ANY ($1::text[]) OR payment_key = ANY ($2::text[]))
   ORDER BY made_at, venue, record`;

/**
 * True for a venue of a route `r` without a read record since the restore `$1`. A venue never
 * switched on nor reported has made no payment.
 */
export const HAS_NOT_READ = `
  ('address' = ANY (r.pays) AND (r.state = 'on' OR EXISTS (SELECT FROM venue_report v WHERE v.venue = r.venue))
   AND NOT EXISTS (SELECT FROM venue_read v WHERE v.venue = r.venue AND v.life = $1::uuid))`;

const UNREAD = `SELECT r.currency || '.' || r.network AS asset, r.venue FROM route r WHERE ${HAS_NOT_READ} ORDER BY r.position`;

export interface UnclaimedPayment {
  readonly venue: string;
  /** The reference of the venue's record. */
  readonly record: string;
  readonly clientReference: string | null;
  /** Currency, amount and recipient; null where only the reference is compared. */
  readonly payment: string | null;
}

export interface GivenOrder {
  readonly venue: string;
  /** Venues with proof of non-payment for this order. */
  readonly tried: readonly string[];
  readonly pinned: boolean;
  readonly destination: Destination;
  readonly clientReference: string | null;
  readonly payment: string;
}

interface OtherVenues {
  /** Venues of the route with an unread record since the restore. */
  readonly unread: readonly string[];
  readonly payments: readonly UnclaimedPayment[];
}

/**
 * `unread`: another venue may have paid and has not read its record. `paid_elsewhere`: another
 * venue has a payment possibly for this order, which `moves` there for a person's decision.
 */
type OrderHold =
  | { readonly kind: 'unread'; readonly venues: readonly string[] }
  | { readonly kind: 'paid_elsewhere'; readonly by: UnclaimedPayment; readonly moves: boolean };

/** Format of references derived from a client's reference. */
const OF_CLIENT = /^c[0-9A-Za-z]{22,31}$/;

/** Null if the order may be sent. Only a payment to an address can be the same at two venues. */
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
 * Compares our reference, or currency, amount and recipient. Two references of clients must be
 * equal, and a pinned order is paid by no other venue.
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
