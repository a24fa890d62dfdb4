import type { Tx } from '@sluice/postgres';
import type { Withdrawal } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from './withdrawal-store.js';

// What few withdrawals ever need has statements of its own: the update that every step makes stays as small as it is.

/** Writes wishes to cancel and what became of them. */
export function saveCancelWishes(tx: Tx, wished: readonly Withdrawal[]): void {
  if (wished.length === 0) return;
  void tx.query(
    `UPDATE withdrawal w SET cancel_requested_at = v.at, cancel_requested_by = v.by, cancel_refusal = v.refusal
       FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[]) AS v (id, at, by, refusal) WHERE w.id = v.id`,
    [
      wished.map(({ order }) => order.id),
      wished.map(({ cancel }) => cancel?.requestedAt.toISOString() ?? null),
      wished.map(({ cancel }) => cancel?.requestedBy ?? null),
      wished.map(({ cancel }) => cancel?.refusal ?? null),
    ],
  );
}

/** Writes which venue has each of these now and until when it may begin, and which had it before. */
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
