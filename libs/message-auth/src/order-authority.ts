import type { KeyRing, Purpose } from './key-ring.js';

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

/** The receipt without an end, which connectors of the last release check: a new one checks it only where no other came. */
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
 * The same receipt with an end, for one connector: after `until` nothing new may begin with it. `until` is a moment of the ledger's
 * database time and part of the text, so that it travels with its MAC.
 */
export function signTimedReceipt(ring: KeyRing, hold: OrderAtVenue, until: Date): string {
  return withUntil(ring, 'timed receipt', hold, until);
}

/** When the receipt ends; null for a text that is no receipt of this hold. The caller compares it with the clock of its database. */
export function readTimedReceipt(
  ring: KeyRing,
  hold: OrderAtVenue,
  receipt: string | null | undefined,
): Date | null {
  return readUntil(ring, 'timed receipt', hold, receipt);
}

/**
 * The receipt of the ledger for the signer of our own wallet, under the key that these two share. The connector between them carries it
 * and has no such key: it gets signatures for orders that are held, and for no others. A first signature needs it before it ends.
 */
export function signSignerReceipt(ring: KeyRing, hold: OrderAtVenue, until: Date): string {
  return withUntil(ring, 'signer receipt', hold, until);
}

/** When the receipt ends; null for a text that is no receipt of this hold. */
export function readSignerReceipt(
  ring: KeyRing,
  hold: OrderAtVenue,
  receipt: string | null | undefined,
): Date | null {
  return readUntil(ring, 'signer receipt', hold, receipt);
}

/** When a receipt ends by its own text, which only the holder of its key can check; null for a receipt without an end. */
export function untilOf(receipt: string | null | undefined): Date | null {
  const [until, mac] = receipt?.split(BETWEEN) ?? [];
  return until === undefined || mac === undefined ? null : new Date(until);
}

/** What the signer states of a withdrawal that it has closed: `unsigned`, no payment of it was ever signed; `signed`, one was before. */
export type ClosedAs = 'unsigned' | 'signed';

/** The statement of the signer for the ledger: it will sign no payment of this withdrawal from now on. */
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

/** The proof of our own wallet: the word of its connector, and the statement of the signer that the connector cannot make. */
export function withClosed(proof: string, closed: string): string {
  return `${proof}${BETWEEN}${closed}`;
}

/** The two parts of such a proof; the statement of the signer is null where it is missing. */
export function partsOfProof(proof: string): readonly [proof: string, closed: string | null] {
  const [own = '', closed = null] = proof.split(BETWEEN);
  return [own, closed];
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
