import { ARCHIVED_WITHDRAWAL } from '@sluice/http-api';
import {
  namesOf,
  RETENTION_CUTOFF_ID,
  RETENTION_CUTOFF,
  type RetentionRule,
} from '@sluice/postgres';

const COPIED = namesOf(ARCHIVED_WITHDRAWAL);

const OVER = `t.state IN ('rejected', 'completed', 'returned', 'failed', 'cancelled') AND t.updated_at < ${RETENTION_CUTOFF}
  AND (t.venue_fee IS NULL OR t.venue_fee_recorded) AND NOT EXISTS (SELECT FROM open_withdrawal o WHERE o.id = t.id)
  AND NOT EXISTS (SELECT FROM withdrawal_case c WHERE c.withdrawal_id = t.id AND c.opened_at >= ${RETENTION_CUTOFF})`;
const ARCHIVED =
  'EXISTS (SELECT FROM archived_withdrawal r WHERE r.reference_scope = t.reference_scope AND r.client_reference = t.client_reference';
const BY_ID = {
  table: 'withdrawal',
  key: 'id',
  keyType: 'uuid',
  keyBelow: RETENTION_CUTOFF_ID,
} as const;

/**
 * Removes ended withdrawals. The data to answer a repeat is archived minutes earlier: the reference
 * is never free in between.
 */
export const INTAKE_RETENTION: readonly RetentionRule[] = [
  {
    ...BY_ID,
    ended: `${OVER} AND t.client_reference IS NOT NULL AND NOT ${ARCHIVED})`,
    insteadOfDelete: `INSERT INTO archived_withdrawal (${COPIED}) SELECT ${COPIED} FROM withdrawal JOIN over USING (id) ON CONFLICT DO NOTHING RETURNING 1`,
  },
  {
    ...BY_ID,
    ended: `${OVER} AND (t.client_reference IS NULL OR ${ARCHIVED} AND r.id = t.id AND r.archived_at < clock_timestamp() - interval '2 minutes'))`,
    dependents: {
      withdrawal_case: 'withdrawal_id',
      venue_paid: 'withdrawal_id',
    },
  },
  {
    table: 'venue_payment',
    key: 'id',
    keyType: 'bigint',
    ended: `(t.closed_at < ${RETENTION_CUTOFF} OR t.payment_key IS NULL) AND t.seen_at < ${RETENTION_CUTOFF}`,
  },
  { table: 'halt', key: 'id', keyType: 'bigint', ended: `t.lifted_at < ${RETENTION_CUTOFF}` },
];
