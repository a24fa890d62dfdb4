import { hash } from 'node:crypto';
import { type Destination, withNextStep } from '@sluice/kernel';
import { objectSchema, patternSchema, textSchema } from './json-schema.js';

/** Terms of a withdrawal that determine recipient, amount and payer. */
export interface OrderTerms {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly asset: string;
  /** Amount for the recipient; equal amounts with different spellings (`1.50`, `1.5`) are the same order. */
  readonly amount: string;
  readonly fee: string;
  readonly recipientDigest: string;
}

/** Version of the hashed text, so that digests of two versions cannot be equal by chance. */
const VERSION = 1;

/** Digest of the recipient, memo included, for messages without the address. SHA-256, hex. */
export function recipientDigest(destination: Destination): string {
  return sha256(['sluice recipient', VERSION, ...recipientFields(destination)]);
}

/**
 * Digest of an order (SHA-256, hex), computed by each service from its own copy: equal digests
 * prove the same order.
 */
export function orderDigest({
  withdrawalId,
  accountId,
  asset,
  amount,
  fee,
  recipientDigest: recipient,
}: OrderTerms): string {
  return sha256([
    'sluice order',
    VERSION,
    withdrawalId,
    accountId,
    asset,
    shortest(amount),
    shortest(fee),
    recipient,
  ]);
}

/** An absent field is null; no present value is encoded as null. */
function recipientFields(destination: Destination): readonly (string | null)[] {
  const { type } = destination;
  switch (type) {
    case 'address':
      return [type, destination.address, destination.memo ?? null];
    case 'venue_account':
      return [type, destination.kind, destination.value, destination.areaCode ?? null];
    case 'reference_account':
      return [
        type,
        destination.userId,
        destination.accountGroupId,
        destination.referenceAccountId,
        destination.remittanceInformation ?? null,
        destination.purposeCode ?? null,
      ];
  }
}

/** Plain decimal text without leading or trailing zeros, as returned by `Amount.toString`. */
function shortest(amount: string): string {
  const whole = amount.replace(/^0+(?=\d)/, '');
  return whole.includes('.') ? whole.replace(/\.?(?<!0)0+$/, '') : whole;
}

/** The JSON of a flat list is unambiguous, because texts are quoted. */
function sha256(parts: readonly (string | number | null)[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex');
}

/** Returns the contradiction between the fields of an order and its digest; null if they match. */
export function digestFault(terms: OrderTerms, digest: string): string | null {
  const own = orderDigest(terms);
  return own === digest ? null : `the order has the digest ${digest}, but its fields give ${own}`;
}

/** Request `POST /v1/withdrawals` with the customer's Ed25519 signature, as verified by the ledger. */
export interface SignedRequest {
  readonly keyId: string;
  /** Literal text of the header. */
  readonly timestamp: string;
  /** Exact bytes of the body; a body with invalid UTF-8 is refused. */
  readonly body: string;
  readonly signature: string;
}

/** Signed parts common to every such request. */
export const SIGNED_ROUTE = { method: 'POST', path: '/v1/withdrawals', query: '' } as const;

const LONGEST_KEY_ID = 64;
const LONGEST_BODY = 65_536;
const TIMESTAMP = /^\d{1,12}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;

export function isSignedRequest(value: unknown): value is SignedRequest {
  const { keyId, timestamp, body, signature } = (value ?? {}) as Record<string, unknown>;
  return (
    isTextOf(keyId, LONGEST_KEY_ID) &&
    isTextOf(body, LONGEST_BODY) &&
    typeof timestamp === 'string' &&
    TIMESTAMP.test(timestamp) &&
    typeof signature === 'string' &&
    SIGNATURE.test(signature)
  );
}

/** JSON Schema of a signed request. */
export const SIGNED_REQUEST_SCHEMA = objectSchema({
  keyId: textSchema(LONGEST_KEY_ID),
  timestamp: patternSchema(TIMESTAMP, 'Unix time in seconds'),
  body: textSchema(LONGEST_BODY),
  signature: patternSchema(SIGNATURE, 'Ed25519 signature in hex'),
});

function isTextOf(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest;
}

/** Causes of waiting at intake-api, while no connector has the order. */
export const HELD_AT_INTAKE = {
  /** No order leaves after an outage, or a restore, before the other venues have read their records. */
  heldBack: withNextStep(
    'the other venues of its route to read their records: intake-api was down, or its database was restored',
    'held_back',
  ),
  /** The hold had ended before a restore; a connector takes no order without receipts. */
  heldNoMore: withNextStep(
    'the end of its hold: the hold had ended before the database of intake-api was restored; the venue and then the ledger are asked for the end',
    'held_no_more',
  ),
} as const;
