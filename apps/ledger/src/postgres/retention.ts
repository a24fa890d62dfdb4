import { RETENTION_CUTOFF_ID, RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

const NEWEST = 'FROM checkpoint ORDER BY until DESC LIMIT 1';
/** No entry below it is on the book any more; NULL, and so no answer, while nothing was detached. */
const DETACHED_ID = `(SELECT bound ${NEWEST})`;
const DETACHED = `(SELECT until ${NEWEST})`;
const IS_OVER = `least(${RETENTION_CUTOFF}, ${DETACHED})`;

/**
 * What leaves the ledger. A refused hold has never held anything and goes by its age. All others are the proof of what the journal says and of
 * past balances: they go once the journal of their time was proven and detached, and no entry on the book speaks of them.
 */
export const LEDGER_RETENTION: readonly RetentionRule[] = [
  {
    table: 'hold',
    key: 'withdrawal_id',
    keyType: 'uuid',
    keyBelow: RETENTION_CUTOFF_ID,
    scanWhere: `t.state = 'refused'`,
    ended: `t.state = 'refused' AND t.decided_at < ${RETENTION_CUTOFF}`,
  },
  {
    table: 'hold',
    key: 'withdrawal_id',
    keyType: 'uuid',
    keyBelow: `CASE WHEN ${DETACHED_ID} IS NOT NULL THEN least(${RETENTION_CUTOFF_ID}, ${DETACHED_ID}) END`,
    ended: `t.state IN ('captured', 'released', 'expired') AND t.closed_at < ${IS_OVER} AND (t.entry_id IS NULL OR t.entry_id < ${DETACHED_ID})
            AND NOT EXISTS (SELECT FROM journal_entry e WHERE e.withdrawal_id = t.withdrawal_id)`,
  },
  {
    table: 'shared_sum',
    key: 'id',
    keyType: 'bigint',
    endsInKeyOrder: true,
    ended: `t.folded AND ${DETACHED} IS NOT NULL AND t.recorded_at < ${IS_OVER} AND t.effective_at < ${IS_OVER}`,
  },
];
