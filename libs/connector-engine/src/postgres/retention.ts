import { RETENTION_CUTOFF_ID, RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

const FRESH_CASE = `EXISTS (SELECT FROM submission_case c WHERE c.withdrawal_id = t.withdrawal_id AND c.opened_at >= ${RETENTION_CUTOFF})`;
const FRESH_DECISION = `EXISTS (SELECT FROM decision d WHERE d.withdrawal_id = t.withdrawal_id AND d.decided_at >= ${RETENTION_CUTOFF})`;

/**
 * Retention of a connector's database. A submission goes with its attempts, cases and decisions,
 * once it has ended and neither the venue nor a person is concerned with it.
 */
export const CONNECTOR_RETENTION: readonly RetentionRule[] = [
  {
    table: 'submission',
    key: 'withdrawal_id',
    keyType: 'uuid',
    keyBelow: RETENTION_CUTOFF_ID,
    ended: `t.state IN ('refused', 'settled', 'returned', 'failed') AND (t.state <> 'settled' OR t.next_action_at IS NULL) AND t.finished_at < ${RETENTION_CUTOFF} AND t.created_at < ${RETENTION_CUTOFF} AND NOT ${FRESH_CASE} AND NOT ${FRESH_DECISION}`,
  },
  {
    table: 'unclaimed_record',
    key: 'venue_reference',
    keyType: 'text',
    ended: `t.closed_at < ${RETENTION_CUTOFF} AND t.seen_at < ${RETENTION_CUTOFF} AND t.created_at < ${RETENTION_CUTOFF}`,
  },
  {
    table: 'halt',
    key: 'id',
    keyType: 'bigint',
    ended: `t.lifted_at < ${RETENTION_CUTOFF} AND t.opened_at < ${RETENTION_CUTOFF}`,
  },
  { table: 'break', key: 'id', keyType: 'bigint', ended: `t.closed_at < ${RETENTION_CUTOFF}` },
  {
    table: 'halt',
    key: 'id',
    keyType: 'bigint',
    ended: `t.lifted_at < ${RETENTION_CUTOFF} AND NOT EXISTS (SELECT FROM break b WHERE b.halt_id = t.id)`,
  },
  {
    table: 'venue_deposit',
    key: 'id',
    keyType: 'bigint',
    ended: `t.seen_at < ${RETENTION_CUTOFF}`,
  },
];
