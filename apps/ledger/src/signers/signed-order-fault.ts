import {
  recipientDigest,
  SIGNED_ROUTE,
  type AskedWithdrawal,
  type SignedRequest,
} from '@sluice/messages';
import { verifyIntakeEd25519 } from '@sluice/signing';
import { amountOf } from '../commands/wire.js';

/** What of a command that places a hold must be what its customer signed. The fee is ours, and nobody signs it. */
export interface SignedFields {
  readonly asset: string;
  readonly payout?: string;
  readonly recipientDigest?: string;
  readonly venue?: string;
}

export interface Signature {
  readonly signed: SignedRequest;
  /** What the signed body asks for; null for nothing. */
  readonly asked: AskedWithdrawal | null;
  /** Of the account's signers in force, those of the key that it names. */
  readonly publicKeys: readonly string[];
  readonly at: string;
}

/** As far as intake-api's own window, and half a minute for clocks. */
const AHEAD_SECONDS = 330;
/** A hold may wait as long for a ledger that is away. Whoever has got hold of a request that led to nothing has no longer to make something of it. */
const OLD_SECONDS = 24 * 3_600;

/** Why an order is not what one of these signed; null when it is. */
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
  if (asked === null) return 'what was signed asks for nothing';
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
