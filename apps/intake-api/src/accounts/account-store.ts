import type { Tx } from '@sluice/postgres';

/** The ledger has opened these. */
export function recordOpenedAccounts(tx: Tx, accountIds: readonly string[]): void {
  if (accountIds.length === 0) return;
  void tx.query(
    'UPDATE account SET ledger_opened_at = clock_timestamp() WHERE id = ANY ($1::uuid[]) AND ledger_opened_at IS NULL',
    [accountIds],
  );
}
