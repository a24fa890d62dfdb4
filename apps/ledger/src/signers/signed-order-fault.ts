import {
  recipientDigest,
  SIGNED_ROUTE,
  type AskedWithdrawal,
  type SignedRequest,
} from '@sluice/messages';
import { verifyIntakeEd25519 } from '@sluice/signing';
import { amountOf } from '../wire/wire.js';

/**
 * Fields of a place-hold command covered by the customer's signature. The fee is set by the firm
 * and is not signed.
 */
interface SignedFields {
  readonly asset: string;
  readonly payout?: string;
  readonly recipientDigest?: string;
  readonly venue?: string;
}

interface Signature {
  readonly signed: SignedRequest;
  /** Withdrawal requested in the signed body; null if the body contains no withdrawal request. */
  readonly asked: AskedWithdrawal | null;
  /** Public keys of the account's signers in force, for the key id in the signed request. */
  readonly publicKeys: readonly string[];
  readonly at: string;
}

/**
 * Most seconds of a signature's timestamp in the future: intake-api's window plus 30 s for clock
 * differences.
 */
const AHEAD_SECONDS = 330;
/**
 * Longest age of a signature in seconds: a hold may wait this long for an unavailable ledger. A
 * stolen, unused request is useless afterwards.
 */
const OLD_SECONDS = 24 * 3_600;

/**
 * Returns the difference between an order and the signed request; null if the signature covers the
 * order.
 */
export function signedOrderFault(
  order: SignedFields,
  { signed, asked, publicKeys, at }: Signature,
): string | null {
  const { keyId, timestamp, body, signature } = signed;
  if (publicKeys.length === 0) return `no signer of its account is of the key ${keyId}`;
  const request = { ...SIGNED_ROUTE, timestamp, body };
  if (!publicKeys.some((publicKey) => verifyIntakeEd25519(publicKey, request, signature)))
    return `the signature is of no signer of the key ${keyId}`;
  const age = Math.floor(Date.parse(at) / 1_000) - Number(timestamp);
  if (age > OLD_SECONDS) return `it was signed ${age} s ago`;
  if (age < -AHEAD_SECONDS) return `it was signed ${-age} s from now`;
  if (asked === null) return 'the signed body contains no withdrawal request';
  if (asked.clientReference === null) return 'what was signed has no client_reference';
  const differs = differences(order, asked);
  return differs.length === 0 ? null : `what was signed has another ${differs.join(', ')}`;
}

function differences(order: SignedFields, asked: AskedWithdrawal): readonly string[] {
  const { asset, payout, recipientDigest: recipient, venue } = order;
  if (asset !== `${asked.currency}.${asked.network}`) return ['asset'];
  const differs = {
    amount: payout === undefined || !amountOf(payout, asset).equals(amountOf(asked.amount, asset)),
    recipient: recipient !== recipientDigest(asked.destination),
    venue: asked.venue !== null && asked.venue !== venue,
  };
  return Object.entries(differs).flatMap(([field, isOther]) => (isOther ? [field] : []));
}
