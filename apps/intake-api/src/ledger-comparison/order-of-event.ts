import { destinationOf } from '@sluice/destination';
import type { WithdrawalChangedV1 } from '@sluice/messages';
import { Amount, assetOf } from '@sluice/money';
import type { PricedOrder } from '@sluice/withdrawal-core';
import { digestOf } from '../withdrawals/order-digest.js';
import type { LostWithdrawal } from './lost-withdrawals.js';

/** API key of an account, with the data needed for the scope of references. */
export interface KeyOfAccount {
  readonly keyId: string;
  readonly sharesReferences: boolean;
}

type ReferenceOf = (
  order: Pick<PricedOrder, 'id' | 'accountId' | 'referenceScope' | 'clientReference'>,
) => string;

/**
 * Rebuilds the order of a lost withdrawal from a published step; null if the step does not match
 * the order covered by the hold. The step is not trusted. The hold's digest covers account, asset,
 * amount, fee and recipient. The hold's reference is derived from the client's reference under a
 * key of ours. A step contains neither the venue's time limit nor the customer's choice of venue.
 * The order stays at the hold's venue, and may begin until the ledger's receipt ends.
 */
export function orderOfEvent(
  lost: LostWithdrawal,
  event: WithdrawalChangedV1,
  keys: readonly KeyOfAccount[],
  referenceOf: ReferenceOf,
): PricedOrder | null {
  const { accountId } = lost;
  const { clientReference } = event;
  if ((clientReference === null) !== (lost.reference === null)) return null;
  const scopeOf = ({ keyId, sharesReferences }: KeyOfAccount): string =>
    sharesReferences ? accountId : keyId;
  const key = keys.find(
    (one) =>
      clientReference === null ||
      lost.reference ===
        referenceOf({ id: lost.id, accountId, clientReference, referenceScope: scopeOf(one) }),
  );
  if (!key) return null;
  const asset = assetOf(event.currency, event.network);
  const order: PricedOrder = {
    ...{ id: lost.id, accountId, keyId: key.keyId, clientReference },
    ...{ referenceScope: scopeOf(key), asset, destination: destinationOf(event.destination) },
    ...{ amount: Amount.of(event.amount, asset), fee: Amount.of(event.fee, asset) },
    ...{ venue: lost.venue, pinned: true, submitWithinMs: null },
  };
  return digestOf(order) === lost.digest ? order : null;
}
