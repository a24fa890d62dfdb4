import type { Tx } from '@sluice/postgres';
import type { Withdrawal } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from './withdrawal-store.js';

// Cancels and fail-overs are rare. Separate statements keep the update of every step small.

/** Writes requests to cancel and their refusals. */
export function saveCancelRequests(tx: Tx, requested: readonly Withdrawal[]): void {
  if (requested.length === 0) return;
  void tx.query(
    `UPDATE withdrawal w SET cancel_requested_at = v.at, cancel_requested_by = v.by, cancel_refusal = v.refusal
       FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[]) AS v (id, at, by, refusal) WHERE w.id = v.id`,
    [
      requested.map(({ order }) => order.id),
      requested.map(({ cancel }) => cancel?.requestedAt.toISOString() ?? null),
      requested.map(({ cancel }) => cancel?.requestedBy ?? null),
      requested.map(({ cancel }) => cancel?.refusal ?? null),
    ],
  );
}

/** Writes the current venue with the deadline to begin, and the previous venues. */
export function saveVenues(tx: Tx, stored: readonly StoredWithdrawal[]): void {
  const rerouted = stored.map(({ withdrawal }) => withdrawal);
  if (rerouted.length === 0) return;
  void tx.query(
    `UPDATE withdrawal w SET venue = v.venue, tried = string_to_array(v.tried, ','), submit_by = v.submit_by
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) AS v (id, venue, tried, submit_by) WHERE w.id = v.id`,
    [
      rerouted.map(({ order }) => order.id),
      rerouted.map(({ venue }) => venue),
      rerouted.map(({ tried }) => tried.join(',')),
      stored.map(({ submitBy }) => submitBy?.toISOString() ?? null),
    ],
  );
}
