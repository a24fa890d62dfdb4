import type { Tx } from '@sluice/postgres';
import type { MoneyOrder } from '../wire/ledger-command.js';

export interface OrderedEntry extends MoneyOrder {
  readonly entryId: string;
}

/** Stores the order of each entry, in the transaction of the entries. */
export function saveMoneyOrders(tx: Tx, orders: readonly OrderedEntry[]): void {
  if (orders.length === 0) return;
  void tx.query(
    `INSERT INTO money_order (entry_id, ordered_by, approved_by, evidence)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])`,
    [
      orders.map(({ entryId }) => entryId),
      orders.map(({ orderedBy }) => orderedBy),
      orders.map(({ approvedBy }) => approvedBy),
      orders.map(({ evidence }) => evidence),
    ],
  );
}
