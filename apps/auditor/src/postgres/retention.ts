import { RETENTION_CUTOFF, RETENTION_CUTOFF_ID, type RetentionRule } from '@sluice/postgres';

/**
 * Removes facts and payments of withdrawals ended before the cutoff. Balances, findings and ended
 * accounts stay.
 */
export const AUDITOR_RETENTION: readonly RetentionRule[] = [
  {
    table: 'audited_withdrawal',
    key: 'withdrawal_id',
    keyType: 'uuid',
    keyBelow: RETENTION_CUTOFF_ID,
    ended: `t.ended_seen_at < ${RETENTION_CUTOFF} AND t.seen_at < ${RETENTION_CUTOFF}`,
    dependents: {
      audited_order: 'withdrawal_id',
      audited_refusal: 'withdrawal_id',
      venue_payment: 'withdrawal_id',
    },
  },
  ...[
    'audited_movement',
    'audited_reversal',
    'audited_head',
    'audited_command_refusal',
    'audited_entry',
    'audited_demand',
  ].map((table): RetentionRule => ({
    table,
    key: 'id',
    keyType: 'bigint',
    ended: `t.seen_at < ${RETENTION_CUTOFF}`,
    endsInKeyOrder: true,
  })),
  {
    table: 'wallet_gas',
    key: 'id',
    keyType: 'bigint',
    ended: `t.hour < ${RETENTION_CUTOFF}`,
  },
];
