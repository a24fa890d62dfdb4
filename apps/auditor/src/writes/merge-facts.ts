import type { EndedHold, LedgerFacts, PlacedHold } from './ledger-facts.js';

export interface AuditedOrder {
  readonly withdrawal_id: string;
  readonly venue: string;
  readonly asset: string;
  readonly amount: string;
  readonly destination: string;
  readonly equality_key: string;
  readonly client_reference: string | null;
  readonly ordered_at: string;
}

/** A new row of `audited_withdrawal`. An absent value is NULL. */
interface WithdrawalRow extends PlacedHold {
  readonly order_venue?: string;
  readonly order_asset?: string;
  readonly order_amount?: string;
  readonly order_destination?: string;
  readonly equality_key?: string;
  readonly client_reference?: string | null;
  readonly ordered_at?: string;
  readonly state?: EndedHold['state'];
  readonly ended_at?: string;
  readonly entry_id?: string | null;
  readonly debited?: string | null;
}

/** A stored new row. */
export interface StoredWithdrawal {
  readonly withdrawal_id: string;
  readonly order_venue: string | null;
  readonly state: string;
}

interface Rest {
  readonly endings: readonly EndedHold[];
  readonly orders: readonly AuditedOrder[];
}

interface Merged {
  readonly rows: readonly WithdrawalRow[];
  /** Returns the ends and orders that are not part of a stored row. */
  readonly rest: (stored: readonly StoredWithdrawal[]) => Rest;
}

/** Joins each hold with the first order and the first end that were read together with the hold. */
export function mergeFacts(
  { holds, endings }: Pick<LedgerFacts, 'holds' | 'endings'>,
  orders: readonly AuditedOrder[],
): Merged {
  const [firstEnds, firstOrders] = [firstOf(endings), firstOf(orders)];
  const shared = sharedEntries(endings);
  const endOf = (hold: PlacedHold): EndedHold | undefined => {
    const end = firstEnds.get(hold.withdrawal_id);
    return end !== undefined && isOf(hold, end, shared) ? end : undefined;
  };
  return {
    rows: holds.map((hold) => ({
      ...hold,
      ...orderColumns(firstOrders.get(hold.withdrawal_id)),
      ...endColumns(endOf(hold)),
    })),
    rest: (stored) => {
      const rows = new Map(stored.map((row) => [row.withdrawal_id, row]));
      const isStored = (end: EndedHold): boolean =>
        firstEnds.get(end.withdrawal_id) === end &&
        (rows.get(end.withdrawal_id)?.state ?? 'placed') !== 'placed';
      return {
        endings: endings.filter((end) => !isStored(end)),
        orders: orders.filter((one) => rows.get(one.withdrawal_id)?.order_venue !== one.venue),
      };
    },
  };
}

function firstOf<T extends { readonly withdrawal_id: string }>(
  facts: readonly T[],
): ReadonlyMap<string, T> {
  return new Map(facts.toReversed().map((fact) => [fact.withdrawal_id, fact]));
}

/** Entries that capture several withdrawals: only one of them counts. */
function sharedEntries(endings: readonly EndedHold[]): ReadonlySet<string> {
  const withdrawals = new Map<string, string>();
  const shared = new Set<string>();
  for (const { entry_id: entry, withdrawal_id: id } of endings) {
    if (entry === null) continue;
    if ((withdrawals.get(entry) ?? id) !== id) shared.add(entry);
    withdrawals.set(entry, id);
  }
  return shared;
}

/** A capture ends the hold of its account and asset. */
function isOf(hold: PlacedHold, end: EndedHold, shared: ReadonlySet<string>): boolean {
  if (end.entry_id === null) return true;
  const isEqual = end.account_id === hold.account_id && end.asset === hold.asset;
  return isEqual && !shared.has(end.entry_id);
}

function orderColumns(order: AuditedOrder | undefined): Partial<WithdrawalRow> {
  if (order === undefined) return {};
  const { venue, asset, amount, destination, equality_key, client_reference, ordered_at } = order;
  return {
    order_venue: venue,
    order_asset: asset,
    order_amount: amount,
    order_destination: destination,
    equality_key,
    client_reference,
    ordered_at,
  };
}

function endColumns(end: EndedHold | undefined): Partial<WithdrawalRow> {
  if (end === undefined) return {};
  const { state, ended_at, entry_id, debited } = end;
  return { state, ended_at, entry_id, debited };
}
