import { hash } from 'node:crypto';
import type { Destination } from '@sluice/destination';

/** Everything about a withdrawal that decides who is paid, what, and by whom. */
export interface OrderTerms {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly asset: string;
  /** What the recipient gets; equal amounts in another spelling (`1.50`, `1.5`) are the same order. */
  readonly amount: string;
  readonly fee: string;
  readonly recipientDigest: string;
}

/** Rises when another text is hashed: digests of two versions are never equal by chance of their layout. */
const VERSION = 1;

/** Stands for the recipient, memo included, where the address itself need not travel. SHA-256, hex. */
export function recipientDigest(destination: Destination): string {
  return sha256(['sluice recipient', VERSION, ...recipientFields(destination)]);
}

/**
 * What each service that holds, sends or books a withdrawal computes again from its own copy: equal digests mean that all of them
 * speak of the same order. SHA-256, hex.
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

/** A field that is absent is null: nothing else is written so. */
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

/** Plain decimal text without leading or trailing zeros, as `Amount.toString` writes it. */
function shortest(amount: string): string {
  const whole = amount.replace(/^0+(?=\d)/, '');
  return whole.includes('.') ? whole.replace(/\.?0+$/, '') : whole;
}

/** JSON of a flat list is unambiguous: texts are quoted, so no two lists are written alike. */
function sha256(parts: readonly (string | number | null)[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex');
}

/** What does not fit between the fields of an order and the digest that came with them; null when both are the same order. */
export function digestFault(terms: OrderTerms, digest: string): string | null {
  const own = orderDigest(terms);
  return own === digest ? null : `it carries the digest ${digest}, but its fields make ${own}`;
}
