import type { Hold, HoldPolicy, HoldRefusal } from '@sluice/ledger-core';
import { HOLD_COLUMNS } from '@sluice/http-api';
import type { Asset, RowOf } from '@sluice/kernel';
import { selectedByProperty } from '@sluice/postgres';
import { amountOf, assetFrom } from '../wire/wire.js';

export type HoldRow = RowOf<typeof HOLD_COLUMNS>;

export const HOLD_ROW = selectedByProperty(HOLD_COLUMNS);

/** Converts a row to a hold. Throws if the row violates the table's CHECK. */
export function holdFrom(row: HoldRow): Hold {
  const asset = assetFrom(row.asset);
  const terms = {
    withdrawalId: row.withdrawalId,
    accountId: row.accountId,
    amount: amountOf(row.amount, asset),
    decidedAt: row.decidedAt.toISOString(),
    digest: row.digest,
    reference: row.reference,
    assignedTo: row.assignedTo ?? detailFrom(row).approval?.venue ?? null,
    lock: row.lock,
    policy: policyFrom(row, asset),
    assignedAt: row.assignedAt?.toISOString() ?? null,
    grant: row.grant,
  };
  const { state, captured, fee, venueFee, venue, entryId, reason } = row;
  const closedAt = row.closedAt?.toISOString();
  if (state === 'refused') return { ...terms, state, refusal: refusalFrom(row, asset) };
  if (!row.lock) throw new Error(`hold ${row.withdrawalId} has no lock`);
  const reserved = {
    ...terms,
    submissionStartedAt: row.submissionStartedAt?.toISOString() ?? null,
  };
  if (state === 'placed')
    return { ...reserved, state, expiresAt: row.expiresAt?.toISOString() ?? null };
  if (state === 'expired' && closedAt) return { ...reserved, state, closedAt };
  if (state === 'released' && closedAt && reason !== null)
    return { ...reserved, state, reason, proof: row.releaseProof, closedAt };
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
      venueFee: venueFee === null ? null : amountOf(venueFee, asset),
      venue,
      entryId,
      closedAt,
    };
  }
  throw new Error(`hold ${row.withdrawalId} cannot be read: ${state}`);
}

function policyFrom(row: HoldRow, asset: Asset): HoldPolicy {
  const { policyVersion: version, payout, keyId, recipient, priceEur } = row;
  const { venue = null, used = null, history = null, approval = null } = detailFrom(row);
  const facts = { version, payout: amountOf(payout, asset), keyId, recipient, priceEur };
  return { ...facts, venue, used, history, approval };
}

/** Column `policy_detail`: written and read by the ledger alone. */
interface PolicyDetail {
  readonly venue?: HoldPolicy['venue'];
  readonly used?: HoldPolicy['used'];
  readonly history?: HoldPolicy['history'];
  readonly approval?: HoldPolicy['approval'];
  readonly refusal?: Extract<HoldRefusal, { kind: 'policy_denied' | 'limit_exceeded' }>;
}

function detailFrom({ policyDetail }: HoldRow): PolicyDetail {
  return policyDetail ?? {};
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
  const { refusal } = detailFrom(row);
  if (refusal !== undefined && refusal.kind === row.reason) return refusal;
  throw new Error(
    `hold ${row.withdrawalId} was refused for a reason that cannot be read: ${row.reason}`,
  );
}
