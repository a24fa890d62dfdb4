import { RETENTION_CUTOFF_ID, RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';
import { CLOSED_STATES, REFUSED } from '../sql/hold-state-sql.js';

const NEWEST = 'FROM checkpoint ORDER BY until DESC LIMIT 1';
/** Bound of detached entries; NULL, with which every comparison is false, without one. */
const DETACHED_ID = `(SELECT bound ${NEWEST})`;
const DETACHED = `(SELECT until ${NEWEST})`;
const IS_OVER = `least(${RETENTION_CUTOFF}, ${DETACHED})`;

/**
 * Refused holds never reserved money and leave by age. Other holds prove the journal, and leave
 * once its time is proven and detached and no entry refers to them.
 */
export const LEDGER_RETENTION: readonly RetentionRule[] = [
  {
    table: 'hold',
    key: 'withdrawal_id',
    keyType: 'uuid',
    keyBelow: RETENTION_CUTOFF_ID,
    scanWhere: `t.state = ${REFUSED}`,
    ended: `t.state = ${REFUSED} AND t.decided_at < ${RETENTION_CUTOFF}`,
  },
  {
    table: 'hold',
    key: 'withdrawal_id',
    keyType: 'uuid',
    keyBelow: `CASE WHEN ${DETACHED_ID} IS NOT NULL THEN least(${RETENTION_CUTOFF_ID}, ${DETACHED_ID}) END`,
    ended: `t.state IN (${CLOSED_STATES}) AND t.closed_at < ${IS_OVER} AND (t.entry_id IS NULL OR t.entry_id < ${DETACHED_ID})
            AND NOT EXISTS (SELECT FROM journal_entry e WHERE e.withdrawal_id = t.withdrawal_id)`,
  },
  {
    table: 'signed_order',
    key: 'withdrawal_id',
    keyType: 'uuid',
    keyBelow: RETENTION_CUTOFF_ID,
    ended: 'NOT EXISTS (SELECT FROM hold h WHERE h.withdrawal_id = t.withdrawal_id)',
  },
  {
    table: 'order_case',
    key: 'withdrawal_id',
    keyType: 'uuid',
    keyBelow: RETENTION_CUTOFF_ID,
    ended: `t.opened_at < ${RETENTION_CUTOFF}`,
  },
];
