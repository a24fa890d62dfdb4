import { RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

/** Nonces and transactions are kept forever (ADR 28): a nonce is spent once. */
export const WALLET_RETENTION: readonly RetentionRule[] = [
  {
    table: 'top_up',
    key: 'id',
    keyType: 'uuid',
    ended: `t.ended_at < ${RETENTION_CUTOFF}`,
  },
];
