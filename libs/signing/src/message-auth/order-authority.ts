import type { KeyRing, Purpose } from './key-ring.js';

/** An order at a venue. */
export interface OrderAtVenue {
  readonly withdrawalId: string;
  /** Digest by `orderDigest`: account, asset, amount, fee, recipient and memo. */
  readonly digest: string;
  readonly venue: string;
}

interface AuthorisedOrder extends OrderAtVenue {
  /** Our reference at the venue. */
  readonly clientReference: string | null;
  /** Deadline for the first send; RFC 3339 in UTC with milliseconds. Null: no deadline. */
  readonly notAfter: string | null;
}

/** Signs the order by intake-api for a connector. */
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

/**
 * Signs the proof by intake-api for the auditor: a customer's request with this order was accepted.
 * Only the handler of the request makes the proof.
 */
export function signRequestProof(ring: KeyRing, digest: string): string {
  return ring.sign('request proof', [digest]);
}

export function verifyRequestProof(
  ring: KeyRing,
  digest: string,
  mac: string | null | undefined,
): boolean {
  return ring.verify('request proof', [digest], mac);
}

/**
 * Signs the receipt with an expiry, for a connector: after `until` no new send may begin. `until`
 * is database time of the ledger and part of the text, next to the MAC.
 */
export function signTimedReceipt(ring: KeyRing, hold: OrderAtVenue, until: Date): string {
  return withUntil(ring, 'timed receipt', hold, until);
}

/**
 * Returns the expiry of the receipt; null if the text is no receipt of this hold. The caller
 * compares the expiry with the clock of the caller's database.
 */
export function readTimedReceipt(
  ring: KeyRing,
  hold: OrderAtVenue,
  receipt: string | null | undefined,
): Date | null {
  return readUntil(ring, 'timed receipt', hold, receipt);
}

/**
 * Signs the receipt by the ledger for the signer of our own wallet, under the key shared by the
 * two. The connector forwards the receipt without having the key, and gets signatures only for held
 * orders. A first signature requires an unexpired receipt.
 */
export function signSignerReceipt(ring: KeyRing, hold: OrderAtVenue, until: Date): string {
  return withUntil(ring, 'signer receipt', hold, until);
}

/** Returns the expiry of the receipt; null if the text is no receipt of this hold. */
export function readSignerReceipt(
  ring: KeyRing,
  hold: OrderAtVenue,
  receipt: string | null | undefined,
): Date | null {
  return readUntil(ring, 'signer receipt', hold, receipt);
}

/**
 * Returns the unverified expiry in a receipt's text (only the key holder can verify the receipt);
 * null for a receipt without an expiry.
 */
export function untilOf(receipt: string | null | undefined): Date | null {
  const [until, mac] = receipt?.split(BETWEEN) ?? [];
  return until === undefined || mac === undefined ? null : new Date(until);
}

/**
 * The signer's statement about a closed withdrawal. `unsigned`: no payment was ever signed;
 * `signed`: a payment was signed before.
 */
export type ClosedAs = 'unsigned' | 'signed';

/**
 * Signs the signer's statement for the ledger: no payment of this withdrawal will be signed from
 * now on.
 */
export function signClosed(ring: KeyRing, withdrawalId: string, as: ClosedAs): string {
  return ring.sign('closed', [withdrawalId, as]);
}

export function readClosed(
  ring: KeyRing,
  withdrawalId: string,
  mac: string | null | undefined,
): ClosedAs | null {
  const isOf = (as: ClosedAs) => ring.verify('closed', [withdrawalId, as], mac);
  return isOf('unsigned') ? 'unsigned' : isOf('signed') ? 'signed' : null;
}

/**
 * Combines the proof for our own wallet: the connector's proof, and the signer's statement (not
 * forgeable by the connector).
 */
export function withClosed(proof: string, closed: string): string {
  return `${proof}${BETWEEN}${closed}`;
}

/** Splits a wallet proof into both parts; the signer's statement is null if missing. */
export function partsOfProof(proof: string): readonly [proof: string, closed: string | null] {
  const [own = '', closed = null] = proof.split(BETWEEN);
  return [own, closed];
}

/**
 * Signs the proof of a connector for the ledger: no money of this order has moved at this venue,
 * and none will.
 */
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

/**
 * Signs the proof of a connector for the ledger: this amount of the paid order is back at this
 * venue. `amount` is canonical decimal text.
 */
export function signReturned(ring: KeyRing, order: OrderAtVenue, amount: string): string {
  return ring.sign('returned', [...fieldsAtVenue(order), amount]);
}

export function verifyReturned(
  ring: KeyRing,
  order: OrderAtVenue,
  amount: string,
  mac: string | null | undefined,
): boolean {
  return ring.verify('returned', [...fieldsAtVenue(order), amount], mac);
}

/** Part of no MAC, no key id and no time. */
const BETWEEN = '~';

function withUntil(ring: KeyRing, purpose: Purpose, hold: OrderAtVenue, until: Date): string {
  const text = until.toISOString();
  return `${text}${BETWEEN}${ring.sign(purpose, [...fieldsAtVenue(hold), text])}`;
}

function readUntil(
  ring: KeyRing,
  purpose: Purpose,
  hold: OrderAtVenue,
  receipt: string | null | undefined,
): Date | null {
  const [text, mac] = receipt?.split(BETWEEN) ?? [];
  if (text === undefined || mac === undefined) return null;
  return ring.verify(purpose, [...fieldsAtVenue(hold), text], mac) ? new Date(text) : null;
}

function fieldsAtVenue({ withdrawalId, digest, venue }: OrderAtVenue): string[] {
  return [withdrawalId, digest, venue];
}

function orderFields(order: AuthorisedOrder): (string | null)[] {
  return [...fieldsAtVenue(order), order.clientReference, order.notAfter];
}
