import { RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

/** Transactions go with their nonce, and a nonce only when the withdrawal that it paid has left. */
export const WALLET_RETENTION: readonly RetentionRule[] = [
  {
    table: 'top_up',
    key: 'id',
    keyType: 'uuid',
    ended: `t.ended_at < ${RETENTION_CUTOFF}`,
  },
];
