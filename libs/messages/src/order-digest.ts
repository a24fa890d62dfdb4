import { hash } from 'node:crypto';
import type { Destination } from '@sluice/kernel';

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
 * Digest of an order. Each service that holds, sends or books a withdrawal computes the digest from its own copy: equal digests
 * prove the same order. SHA-256, hex.
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
