import { WITHDRAWAL_CANCEL, WITHDRAWAL_COLUMNS, WITHDRAWAL_VENUE } from '@sluice/http-api';
import { assignmentsFrom, givenRows, rowsOf, type Tx } from '@sluice/postgres';
import type { Withdrawal } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from './withdrawal-store.js';

// Cancels and fail-overs are rare. Separate statements keep the update of every step small.

const { id: ID } = WITHDRAWAL_COLUMNS;
const CANCEL = { id: ID, ...WITHDRAWAL_CANCEL };
const SAVE_CANCEL = `UPDATE withdrawal w SET ${assignmentsFrom('v', WITHDRAWAL_CANCEL)}
  FROM ${givenRows('v', CANCEL)} WHERE w.id = v.id`;
const VENUE = { id: ID, ...WITHDRAWAL_VENUE };
const SAVE_VENUE = `UPDATE withdrawal w SET ${assignmentsFrom('v', WITHDRAWAL_VENUE)}
  FROM ${givenRows('v', VENUE)} WHERE w.id = v.id`;

/** The state may have changed since the report. The time of the last change stays: a wait is no progress. */
const SAVE_WAITS = `UPDATE withdrawal w SET waits_for = v.waits_for
  FROM unnest($1::uuid[], $2::text[]) AS v(id, waits_for) WHERE w.id = v.id AND w.waits_for IS DISTINCT FROM v.waits_for`;

/** Writes what holds orders at their venues, as venue and cause. */
export function saveWaits(tx: Tx, waits: ReadonlyMap<string, string>): void {
  if (waits.size > 0) void tx.query(SAVE_WAITS, [[...waits.keys()], [...waits.values()]]);
}

/** Writes requests to cancel and their refusals. */
export function saveCancelRequests(tx: Tx, requested: readonly Withdrawal[]): void {
  if (requested.length === 0) return;
  const rows = requested.map(({ order, cancel }) => ({
    id: order.id,
    cancelRequestedAt: cancel?.requestedAt ?? null,
    cancelRequestedBy: cancel?.requestedBy ?? null,
    cancelRefusal: cancel?.refusal ?? null,
  }));
  void tx.query(SAVE_CANCEL, [rowsOf(CANCEL, rows)]);
}

/** Writes the current venue with the deadline to begin, and the previous venues. */
export function saveVenues(tx: Tx, stored: readonly StoredWithdrawal[]): void {
  if (stored.length === 0) return;
  const rows = stored.map(({ withdrawal: { order, venue, tried }, submitBy }) => ({
    id: order.id,
    venue,
    tried,
    submitBy,
  }));
  void tx.query(SAVE_VENUE, [rowsOf(VENUE, rows)]);
}
