import { destinationOf } from '@sluice/destination';
import type { WithdrawalChangedV1 } from '@sluice/messages';
import { Amount, assetOf } from '@sluice/money';
import type { PricedOrder } from '@sluice/withdrawal-core';
import { digestOf } from '../withdrawals/order-digest.js';
import type { LostWithdrawal } from './lost-withdrawals.js';

/** An API key of an account, as far as the scope of its references goes. */
export interface KeyOfAccount {
  readonly keyId: string;
  readonly sharesReferences: boolean;
}

type ReferenceOf = (
  order: Pick<PricedOrder, 'id' | 'accountId' | 'referenceScope' | 'clientReference'>,
) => string;

/**
 * The order of a lost withdrawal from a step that was published of it; null where the step is not of the order that the ledger holds money
 * for. The step is not believed: the digest of the hold covers account, asset, amount, fee and recipient, and the reference of the hold is
 * derived from the client's reference under a key of ours. A step has neither the time in which the venue has to begin nor whether the
 * customer chose the venue. So the order stays at the venue that has the hold, which may begin as long as the ledger's receipt lasts.
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
