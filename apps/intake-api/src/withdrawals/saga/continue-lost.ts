import type { Tx } from '@sluice/postgres';
import { openWithdrawal, type PricedOrder } from '@sluice/withdrawal-core';
import { digestOf } from '../order-digest.js';
import { insertHistory, type HistoryStep } from '../withdrawal-history.js';
import { insertWithdrawals, type NewWithdrawal } from '../insert-withdrawals.js';
import { type StoredWithdrawal } from '../withdrawal-store.js';
import { placeHoldMessage } from '../wire.js';
import type { BatchChanges } from './batch-changes.js';
import type { HeldBefore } from './inbound-event.js';
import { heldOtherwiseCase } from './saga-cases.js';

/** A withdrawal that goes on under the id that the ledger, the venue and downstream services know. */
export interface ContinuedWithdrawal extends NewWithdrawal {
  /** How it was found again, for its history. */
  readonly found: string;
}

/**
 * The client repeated a request that was lost when intake-api's database was put back. If the order is the same, its digest under the first
 * id is that of the first order: the ledger and the venue answer what became of it, and the account is debited once. An order on other terms
 * does not go on: the ledger and the venue would refuse it under the first id, so a person has to look at the first hold.
 */
export function continueLost(
  batch: BatchChanges,
  { withdrawal, number, decimals, venueClientReference, signedRequest }: StoredWithdrawal,
  held: HeldBefore,
): void {
  const order: PricedOrder = {
    ...withdrawal.order,
    id: held.withdrawalId,
    venue: held.venue ?? withdrawal.order.venue,
  };
  const digest = digestOf(order);
  if (held.digest !== digest) return void batch.cases.push(heldOtherwiseCase(withdrawal, held));
  batch.continued.push({
    ...{ order, decimals, digest, seal: batch.authority.seal(digest) },
    ...{
      venueClientReference: venueClientReference ?? '',
      signedRequest,
      found: `withdrawal ${number} was its repetition`,
    },
  });
}

/** Puts them on record, and asks the ledger for their holds, which it has. Answers how many were not on record. */
export async function insertContinued(
  tx: Tx,
  continued: readonly ContinuedWithdrawal[],
  at: Date,
): Promise<number> {
  if (continued.length === 0) return 0;
  const numbers = await insertWithdrawals(tx, continued);
  const inserted = continued.filter(({ order }) => numbers.has(order.id));
  const steps = inserted.map(({ order, lost, found }): HistoryStep => ({
    withdrawalId: order.id,
    sequence: lost?.sequence ?? 1,
    from: null,
    to: 'requested',
    trigger: lost ? 'continued' : 'requested',
    detail: `the ledger has its hold from before a restore; ${found}`,
    decision: null,
  }));
  insertHistory(tx, steps, at);
  tx.publish(
    ...inserted.map((one) =>
      placeHoldMessage(
        { ...one, withdrawal: openWithdrawal({ ...one.order, requestedAt: at }) },
        at,
      ),
    ),
  );
  return inserted.length;
}
