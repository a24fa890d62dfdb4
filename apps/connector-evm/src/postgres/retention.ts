import { RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

/** Nonces and transactions stay for ever (ADR 60): a nonce is spent once, and its row is what says on whom. */
export const WALLET_RETENTION: readonly RetentionRule[] = [
  {
    table: 'top_up',
    key: 'id',
    keyType: 'uuid',
    ended: `t.ended_at < ${RETENTION_CUTOFF}`,
  },
];
