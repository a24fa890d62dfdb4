import { RETENTION_CUTOFF_ID, RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

const FRESH_CASE = `EXISTS (SELECT FROM submission_case c WHERE c.withdrawal_id = t.withdrawal_id AND c.opened_at >= ${RETENTION_CUTOFF})`;
const FRESH_DECISION = `EXISTS (SELECT FROM decision d WHERE d.withdrawal_id = t.withdrawal_id AND d.decided_at >= ${RETENTION_CUTOFF})`;

/**
 * What leaves a connector's database. Attempts, cases and decisions go with their submission; one that has not ended, that waits for a
 * person or that a person has had to do with since, stays. An order that comes again for one that is gone is refused by its age.
 */
export const CONNECTOR_RETENTION: readonly RetentionRule[] = [
  {
    table: 'submission',
    key: 'withdrawal_id',
    keyType: 'uuid',
    keyBelow: RETENTION_CUTOFF_ID,
    ended: `t.state IN ('refused', 'settled', 'failed') AND t.finished_at < ${RETENTION_CUTOFF} AND t.created_at < ${RETENTION_CUTOFF} AND NOT ${FRESH_CASE} AND NOT ${FRESH_DECISION}`,
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
