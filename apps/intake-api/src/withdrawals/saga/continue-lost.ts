import type { Tx } from '@sluice/postgres';
import {
  openWithdrawal,
  requestCancel,
  requesterAfterRestore,
  type PricedOrder,
  type Withdrawal,
} from '@sluice/withdrawal-core';
import {
  insertWithdrawals,
  type NewWithdrawal,
  saveCancelRequests,
} from '../../rows/withdrawal-writes.js';
import { timeOfId } from '../../rows/id-time.js';
import { digestOf } from '../../orders/order-authority.js';
import { type StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { placeHoldMessage } from '../../wire/wire.js';
import type { BatchChanges } from './batch-changes.js';
import type { LostHold } from './inbound-event.js';
import { heldOtherwiseCase } from './saga-cases.js';

/**
 * Continues a lost withdrawal after a repeat of the client's request. An identical order has the
 * same digest under the first id: ledger and venue answer with the first result, and the account is
 * debited once. Other terms open a case.
 */
export function continueLost(
  batch: BatchChanges,
  { withdrawal, number, decimals, venueClientReference, signedRequest }: StoredWithdrawal,
  held: LostHold,
): void {
  const order: PricedOrder = {
    ...withdrawal.order,
    id: held.withdrawalId,
    venue: held.venue ?? withdrawal.order.venue,
  };
  const digest = digestOf(order);
  if (held.digest !== digest) return void batch.cases.push(heldOtherwiseCase(withdrawal, held));
  batch.continued.push({
    order,
    decimals,
    digest,
    seal: batch.authority.seal(digest),
    requestProof: null,
    venueClientReference,
    signedRequest,
    lost: {
      number: null,
      published: 0,
      notified: null,
      requestedAt: new Date(timeOfId(held.withdrawalId)),
    },
    firstStep: {
      trigger: 'continued',
      detail: `the ledger has the hold of the withdrawal from before a restore; withdrawal ${number} repeated it`,
      decision: null,
    },
  });
}

/** Records the withdrawals and requests their holds; returns the number not recorded before. */
export async function insertContinued(
  tx: Tx,
  continued: readonly NewWithdrawal[],
  at: Date,
): Promise<number> {
  if (continued.length === 0) return 0;
  const numbers = await insertWithdrawals(tx, continued);
  const inserted = continued.filter(({ order }) => numbers.has(order.id));
  saveCancelRequests(
    tx,
    inserted.flatMap((one) => cancelledAgain(one, at)),
  );
  tx.publish(
    ...inserted.map((one) =>
      placeHoldMessage(
        {
          ...one,
          number: numbers.get(one.order.id) ?? '',
          withdrawal: openWithdrawal({ ...one.order, requestedAt: at }),
        },
        at,
      ),
    ),
  );
  return inserted.length;
}

/** Cancel request for a withdrawal told to be failed or cancelled before it was lost. */
function cancelledAgain({ order, lost }: NewWithdrawal, at: Date): Withdrawal[] {
  if (!lost?.notified) return [];
  const opened = openWithdrawal({ ...order, requestedAt: at });
  const request = requestCancel(opened, requesterAfterRestore(lost.notified), at);
  return request.ok ? [request.value.withdrawal] : [];
}
