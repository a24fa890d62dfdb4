import type { KeyRing } from './key-ring.js';

export interface OrderAtVenue {
  readonly withdrawalId: string;
  /** Digest by `orderDigest`: account, asset, amount, fee, recipient and memo. */
  readonly digest: string;
  readonly venue: string;
}

/** Reader of the ledger's receipt. The two have different keys, and neither reads the other's. */
type ReceiptReader = 'connector' | 'signer';

/** Whether a payment was signed before the closing. */
export type ClosedAs = 'unsigned' | 'signed';

/**
 * A statement about an order, which its receiver cannot know otherwise. ADR 15 lists who states
 * what to whom.
 *
 * - `requested`: the handler of a customer's request accepted this order.
 * - `ordered`: intake-api orders this venue to pay. `clientReference`: our reference there.
 *   `notAfter`: deadline of the first send, RFC 3339 in UTC with milliseconds; null: none.
 * - `held`: the ledger holds the money for this venue. After `until`, by the reader's database
 *   clock, no first send or signature may begin.
 * - `closed`: the signer will sign no payment of this withdrawal from now on.
 * - `nothing moved`: no money of this order has moved at this venue, and none will.
 * - `returned`: this amount of the paid order is back at this venue, in canonical decimal text.
 */
type OrderStatement =
  | { readonly says: 'requested'; readonly digest: string }
  | (OrderAtVenue & {
      readonly says: 'ordered';
      readonly clientReference: string | null;
      readonly notAfter: string | null;
    })
  | (OrderAtVenue & { readonly says: 'held'; readonly to: ReceiptReader; readonly until: Date })
  | { readonly says: 'closed'; readonly withdrawalId: string; readonly as: ClosedAs }
  | (OrderAtVenue & { readonly says: 'nothing moved' })
  | (OrderAtVenue & { readonly says: 'returned'; readonly amount: string });

/** Part of no MAC, no key id and no time. */
const BETWEEN = '~';

/**
 * Signs under the key shared with the reader: a receipt (`held`) as `<until>~<MAC>`, others as the
 * MAC.
 */
export function signProof(ring: KeyRing, statement: OrderStatement): string {
  const mac = ring.sign(statement.says, fieldsOf(statement));
  return statement.says === 'held' ? `${statement.until.toISOString()}${BETWEEN}${mac}` : mac;
}

/** Returns whether the text proves exactly this statement. */
export function verifyProof(
  ring: KeyRing,
  statement: Exclude<OrderStatement, { says: 'held' }>,
  proof: string | null | undefined,
): boolean {
  return ring.verify(statement.says, fieldsOf(statement), proof);
}

/**
 * End of the ledger's receipt, for the reader's database clock; null for another hold or reader.
 */
export function readReceipt(
  ring: KeyRing,
  hold: OrderAtVenue & { readonly to: ReceiptReader },
  receipt: string | null | undefined,
): Date | null {
  const [text, mac] = receipt?.split(BETWEEN) ?? [];
  if (text === undefined || mac === undefined) return null;
  const until = new Date(text);
  // another spelling of the time is another text
  if (Number.isNaN(until.getTime()) || until.toISOString() !== text) return null;
  return ring.verify('held', fieldsOf({ says: 'held', ...hold, until }), mac) ? until : null;
}

/** Unverified end in a receipt's text; null without one. */
export function untilOf(receipt: string | null | undefined): Date | null {
  const [until, mac] = receipt?.split(BETWEEN) ?? [];
  return until === undefined || mac === undefined ? null : new Date(until);
}

/** Returns null if the text is no statement of the signer about this withdrawal. */
export function readClosed(
  ring: KeyRing,
  withdrawalId: string,
  proof: string | null | undefined,
): ClosedAs | null {
  const isOf = (as: ClosedAs) => verifyProof(ring, { says: 'closed', withdrawalId, as }, proof);
  return isOf('unsigned') ? 'unsigned' : isOf('signed') ? 'signed' : null;
}

/** Proof of our own wallet: the connector's, and the signer's, which the connector cannot forge. */
export function withClosed(proof: string, closed: string): string {
  return `${proof}${BETWEEN}${closed}`;
}

/** Splits a wallet proof into both parts; the signer's statement is null if missing. */
export function partsOfProof(proof: string): readonly [proof: string, closed: string | null] {
  const [own = '', closed = null] = proof.split(BETWEEN);
  return [own, closed];
}

/** The signed fields, by kind of statement. */
function fieldsOf(statement: OrderStatement): (string | null)[] {
  switch (statement.says) {
    case 'requested':
      return [statement.digest];
    case 'ordered':
      return [...fieldsAtVenue(statement), statement.clientReference, statement.notAfter];
    case 'held':
      return [...fieldsAtVenue(statement), statement.to, statement.until.toISOString()];
    case 'closed':
      return [statement.withdrawalId, statement.as];
    case 'nothing moved':
      return fieldsAtVenue(statement);
    case 'returned':
      return [...fieldsAtVenue(statement), statement.amount];
  }
}

function fieldsAtVenue({ withdrawalId, digest, venue }: OrderAtVenue): string[] {
  return [withdrawalId, digest, venue];
}
