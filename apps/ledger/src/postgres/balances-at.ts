import type { Database } from '@sluice/postgres';

/** Which time says whether an entry counts: when it was booked, or when it took effect. */
export const TIME_KINDS = ['recorded', 'effective'] as const;
export type TimeKind = (typeof TIME_KINDS)[number];

interface SumRow {
  asset: string;
  posted: string;
  held: string;
}

/**
 * What a customer's account had at a moment, that moment included, from the journal and the holds alone. Exact as soon as every
 * transaction that was under way at that moment has ended. Holds have one time only, that of their decision.
 */
export function customerBalancesAt(database: Database, accountId: string, at: string, by: TimeKind): Promise<SumRow[]> {
  return database.query<SumRow>(
    `SELECT asset, coalesce(sum(posted), 0) AS posted, coalesce(sum(held), 0) AS held
       FROM (SELECT p.asset, p.amount AS posted, NULL::numeric AS held
               FROM journal_entry e JOIN posting p ON p.entry_id = e.id AND p.account = 'customer:' || e.account_id
              WHERE e.account_id = $1 AND CASE $3 WHEN 'effective' THEN coalesce(e.effective_at, e.recorded_at) ELSE e.recorded_at END <= $2::timestamptz
              UNION ALL
             SELECT asset, sum, NULL FROM checkpoint_balance
              WHERE account = 'customer:' || $1::uuid AND until = (SELECT until FROM checkpoint ORDER BY until DESC LIMIT 1)
              UNION ALL
             SELECT asset, NULL, amount FROM hold
              WHERE account_id = $1 AND state IN ('placed', 'released', 'expired') AND decided_at <= $2::timestamptz
                AND (closed_at IS NULL OR closed_at > $2::timestamptz)
              UNION ALL
             SELECT h.asset, NULL, h.amount FROM journal_entry e JOIN hold h ON h.withdrawal_id = e.withdrawal_id AND h.entry_id = e.id
              WHERE e.account_id = $1 AND e.kind = 'capture' AND e.recorded_at > $2::timestamptz AND h.decided_at <= $2::timestamptz) AS parts
      GROUP BY asset ORDER BY asset`,
    [accountId, at, by],
  );
}
