import { Amount, isAsset } from '@sluice/kernel';
import {
  askedIn,
  type ledgerEvents,
  type Message,
  orderDigest,
  recipientDigest,
  SIGNED_ROUTE,
  type SignedRequest,
} from '@sluice/messages';
import { type KeyRing, verifyIntakeEd25519, verifyProof } from '@sluice/signing';
import { ORDERS } from './audited-rows.js';

type PlacedHold = Extract<Message<typeof ledgerEvents>, { type: 'ledger.hold-placed.v1' }>['data'];

export interface JudgedRequest {
  /** Null: no customer is proven to have requested the order of the hold. */
  readonly by: 'signature' | 'proof' | null;
  /** Public key of a valid signature. */
  readonly publicKey: string | null;
}

export type JudgeRequest = (hold: PlacedHold) => JudgedRequest;

const NONE: JudgedRequest = { by: null, publicKey: null };

/** Proves no request. */
export const judgeNone: JudgeRequest = () => NONE;

/**
 * Verifies the customer's signature, otherwise intake-api's proof by `ring`. Both cover the order's
 * digest.
 */
export function judgeWith(ring: KeyRing): JudgeRequest {
  return (hold) => {
    if (hold.digest === undefined) return NONE;
    const publicKey = signerOf(hold, hold.digest);
    if (publicKey !== null) return { by: 'signature', publicKey };
    return verifyProof(ring, { says: 'requested', digest: hold.digest }, hold.requestProof)
      ? { by: 'proof', publicKey: null }
      : NONE;
  };
}

/** Returns the account's public key that signed exactly this order; null if none did. */
function signerOf(hold: PlacedHold, digest: string): string | null {
  const { signedRequest: signed, signers = [] } = hold;
  if (signed === undefined) return null;
  const { timestamp, body, signature } = signed;
  const request = { ...SIGNED_ROUTE, timestamp, body };
  const signer = signers.find((key) => verifyIntakeEd25519(key, request, signature));
  return signer !== undefined && digestOfSigned(hold, signed) === digest ? signer : null;
}

function digestOfSigned(hold: PlacedHold, { body }: SignedRequest): string | null {
  const { withdrawalId, accountId, asset } = hold;
  const asked = askedIn(body);
  if (asked === null || !isAsset(asset) || asset !== `${asked.currency}.${asked.network}`)
    return null;
  const payout = Amount.of(asked.amount, asset);
  return orderDigest({
    withdrawalId,
    accountId,
    asset,
    amount: payout.toString(),
    fee: Amount.of(hold.amount, asset).minus(payout).toString(),
    recipientDigest: recipientDigest(asked.destination),
  });
}

/** Stores the public keys that signed orders. From then on, the account's orders need a signature. */
export const SIGNED = `
  INSERT INTO audited_signer (account_id, public_key)
  SELECT DISTINCT account_id, public_key FROM unnest($1::uuid[], $2::text[]) AS r(account_id, public_key)
  ON CONFLICT DO NOTHING`;

export const NOT_REQUESTED = `
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT 'order_not_requested', 'account', h.account_id::text, h.withdrawal_id::text,
         json_build_object('withdrawal_id', h.withdrawal_id, 'account_id', h.account_id, 'asset', h.asset, 'amount', h.amount::text, 'venue', h.venue,
           'state', h.state, 'placed_at', h.placed_at,
           'account_signs', EXISTS (SELECT FROM audited_signer s WHERE s.account_id = h.account_id),
           'recipients', (SELECT json_agg(o.destination ORDER BY o.venue) FROM ${ORDERS} o WHERE o.withdrawal_id = h.withdrawal_id AND o.venue IS NOT NULL)),
         h.placed_at
    FROM audited_withdrawal h
   WHERE h.requested_by IS NULL
     AND NOT EXISTS (SELECT FROM finding f WHERE f.kind = 'order_not_requested' AND f.subject = h.withdrawal_id::text)
   ORDER BY h.withdrawal_id
  ON CONFLICT DO NOTHING`;
