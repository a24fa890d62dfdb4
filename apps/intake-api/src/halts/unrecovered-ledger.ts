import type { RemainingCause } from '@sluice/service-shell';

/**
 * A halt because of the ledger remains while the ledger lacks bookings and no recovery was
 * approved. Balances are too high until then, and the same differences do not halt again.
 */
export const unrecoveredLedger: RemainingCause = async (tx, { reason }) => {
  if (!reason.startsWith('ledger_')) return null;
  const [row] = await tx.query<{ open: string }>(OPEN, []);
  return !row || row.open === '0'
    ? null
    : `The ledger lacks bookings of ${row.open} withdrawals. Run "sluice ledger recover" first`;
};

const OPEN =
  'SELECT count(*)::text AS open FROM ledger_difference WHERE resolved_at IS NULL AND approved_by IS NULL';
