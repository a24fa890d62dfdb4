import type { KeyRing } from './key-ring.js';

/** What a connector has to be shown before it sends anything: both MACs are bound to one order and one venue. */
export interface Authority {
  /** By intake-api, for the connector: the customer asked for this order, and this venue may pay it. */
  readonly order: string;
  /** By the ledger, for the connector: the money of this order is held, and this venue is the one that may pay it now. */
  readonly receipt: string;
}

/** One order at one venue. */
export interface OrderAtVenue {
  readonly withdrawalId: string;
  /** As `orderDigest` writes it: account, asset, amount, fee, recipient and memo. */
  readonly digest: string;
  readonly venue: string;
}

export interface AuthorisedOrder extends OrderAtVenue {
  /** Our reference at the venue. */
  readonly clientReference: string | null;
  /** After this moment it may not be sent for the first time; RFC 3339 in UTC with milliseconds. */
  readonly notAfter: string | null;
}

/** The order of intake-api for one connector. */
export function signOrder(ring: KeyRing, order: AuthorisedOrder): string {
  return ring.sign('order', orderFields(order));
}

export function verifyOrder(
  ring: KeyRing,
  order: AuthorisedOrder,
  mac: string | null | undefined,
): boolean {
  return ring.verify('order', orderFields(order), mac);
}

/** The receipt of the ledger for one connector: this venue has the hold. */
export function signReceipt(ring: KeyRing, hold: OrderAtVenue): string {
  return ring.sign('hold receipt', fieldsAtVenue(hold));
}

export function verifyReceipt(
  ring: KeyRing,
  hold: OrderAtVenue,
  mac: string | null | undefined,
): boolean {
  return ring.verify('hold receipt', fieldsAtVenue(hold), mac);
}

/**
 * The receipt of the ledger for the signer of our own wallet, under the key that these two share. The connector between them carries it
 * and has no such key: it gets signatures for orders that are held, and for no others.
 */
export function signSignerReceipt(ring: KeyRing, hold: OrderAtVenue): string {
  return ring.sign('signer receipt', fieldsAtVenue(hold));
}

export function verifySignerReceipt(
  ring: KeyRing,
  hold: OrderAtVenue,
  mac: string | null | undefined,
): boolean {
  return ring.verify('signer receipt', fieldsAtVenue(hold), mac);
}

/** The proof of a connector for the ledger: of this order nothing has moved at this venue, and nothing will. */
export function signNothingMoved(ring: KeyRing, order: OrderAtVenue): string {
  return ring.sign('nothing moved', fieldsAtVenue(order));
}

export function verifyNothingMoved(
  ring: KeyRing,
  order: OrderAtVenue,
  mac: string | null | undefined,
): boolean {
  return ring.verify('nothing moved', fieldsAtVenue(order), mac);
}

function fieldsAtVenue({ withdrawalId, digest, venue }: OrderAtVenue): string[] {
  return [withdrawalId, digest, venue];
}

function orderFields(order: AuthorisedOrder): (string | null)[] {
  return [...fieldsAtVenue(order), order.clientReference, order.notAfter];
}
