import type { Hold, HoldRefusal } from '@sluice/ledger-core';
import type { Asset } from '@sluice/kernel';
import { amountOf, assetFrom } from '../wire/wire.js';

export interface HoldRow {
  withdrawal_id: string;
  account_id: string;
  asset: string;
  amount: string;
  state: string;
  decided_at: Date;
  closed_at: Date | null;
  captured: string | null;
  fee: string | null;
  venue: string | null;
  entry_id: string | null;
  reason: string | null;
  available: string | null;
  expires_at: Date | null;
  submission_started_at: Date | null;
  digest: string | null;
  reference: string | null;
  assigned_to: string | null;
}

/** Converts a row to a hold. Throws if the row violates the table's CHECK. */
export function holdFrom(row: HoldRow): Hold {
  const asset = assetFrom(row.asset);
  const terms = {
    withdrawalId: row.withdrawal_id,
    accountId: row.account_id,
    amount: amountOf(row.amount, asset),
    decidedAt: row.decided_at.toISOString(),
    digest: row.digest,
    reference: row.reference,
    assignedTo: row.assigned_to,
  };
  const { state, captured, fee, venue, entry_id: entryId, reason } = row;
  const closedAt = row.closed_at?.toISOString();
  if (state === 'refused') return { ...terms, state, refusal: refusalFrom(row, asset) };
  const reserved = {
    ...terms,
    submissionStartedAt: row.submission_started_at?.toISOString() ?? null,
  };
  if (state === 'placed')
    return { ...reserved, state, expiresAt: row.expires_at?.toISOString() ?? null };
  if (state === 'expired' && closedAt) return { ...reserved, state, closedAt };
  if (state === 'released' && closedAt && reason !== null)
    return { ...reserved, state, reason, closedAt };
  if (
    state === 'captured' &&
    closedAt &&
    captured !== null &&
    fee !== null &&
    venue !== null &&
    entryId !== null
  ) {
    return {
      ...reserved,
      state,
      captured: amountOf(captured, asset),
      fee: amountOf(fee, asset),
      venue,
      entryId,
      closedAt,
    };
  }
  throw new Error(`hold ${row.withdrawal_id} cannot be read: ${state}`);
}

function refusalFrom(row: HoldRow, asset: Asset): HoldRefusal {
  if (row.reason === 'insufficient_funds' && row.available !== null)
    return { kind: row.reason, available: amountOf(row.available, asset) };
  if (
    row.reason === 'amount_not_positive' ||
    row.reason === 'account_not_found' ||
    row.reason === 'account_frozen' ||
    row.reason === 'order_not_signed'
  )
    return { kind: row.reason };
  throw new Error(
    `hold ${row.withdrawal_id} was refused for a reason that cannot be read: ${row.reason}`,
  );
}
