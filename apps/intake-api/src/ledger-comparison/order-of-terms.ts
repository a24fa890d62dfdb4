import { Amount, destinationOf } from '@sluice/kernel';
import type { PricedOrder } from '@sluice/withdrawal-core';
import { digestOf } from '../orders/order-digest.js';
import type { LostWithdrawal } from './lost-withdrawals.js';
import type { PublishedTerms } from './published-terms.js';

/** API key of an account, with the data needed for the scope of references. */
export interface KeyOfAccount {
  readonly keyId: string;
  readonly sharesReferences: boolean;
}

type ReferenceOf = (
  order: Pick<PricedOrder, 'id' | 'accountId' | 'referenceScope' | 'clientReference'>,
) => string;

/**
 * Rebuilds the order of a lost withdrawal from published terms; null if the terms do not match
 * the order covered by the hold. The terms are not trusted. The hold's digest covers account, asset,
 * amount, fee and recipient. The hold's reference is derived from the client's reference under a
 * key of ours. Among the keys with this reference, the key of the request comes first: limits of the
 * spending policy count by key. The customer's choice of venue is not published, and a step has no time limit either.
 * The order stays at the hold's venue, or at the published venue if the hold is lost too. It may begin
 * until the ledger's receipt ends.
 */
export function orderOfTerms(
  lost: LostWithdrawal,
  terms: PublishedTerms,
  keys: readonly KeyOfAccount[],
  referenceOf: ReferenceOf,
): PricedOrder | null {
  const { accountId } = lost;
  const { clientReference, asset } = terms;
  if ((clientReference === null) !== (lost.reference === null)) return null;
  const scopeOf = ({ keyId, sharesReferences }: KeyOfAccount): string =>
    sharesReferences ? accountId : keyId;
  const fitting = keys.filter(
    (one) =>
      clientReference === null ||
      lost.reference ===
        referenceOf({ id: lost.id, accountId, clientReference, referenceScope: scopeOf(one) }),
  );
  const requestedWith = terms.keyId ?? lost.signedRequest?.keyId;
  const key = fitting.find(({ keyId }) => keyId === requestedWith) ?? fitting[0];
  if (!key) return null;
  const order: PricedOrder = {
    id: lost.id,
    accountId,
    keyId: key.keyId,
    clientReference,
    referenceScope: scopeOf(key),
    asset,
    destination: destinationOf(terms.destination),
    amount: Amount.of(terms.amount, asset),
    fee: Amount.of(terms.fee, asset),
    venue: lost.venue ?? terms.venue,
    pinned: true,
    submitWithinMs: null,
  };
  return digestOf(order) === lost.digest ? order : null;
}
