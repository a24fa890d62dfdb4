import { RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

/**
 * Retention rules. A delivery is removed with all attempts, even if still waiting for a paused
 * webhook: no customer asked for the delivery in all this time. Events are kept longer than any
 * topic can redeliver their steps.
 */
export const WEBHOOKS_RETENTION: readonly RetentionRule[] = [
  {
    table: 'delivery',
    key: 'id',
    keyType: 'bigint',
    endsInKeyOrder: true,
    ended: `t.created_at < ${RETENTION_CUTOFF}`,
  },
  {
    table: 'account_event',
    key: 'id',
    keyType: 'bigint',
    endsInKeyOrder: true,
    ended: `t.created_at < ${RETENTION_CUTOFF}`,
  },
  {
    table: 'webhook_request',
    key: 'id',
    keyType: 'bigint',
    endsInKeyOrder: true,
    ended: `t.made_at < ${RETENTION_CUTOFF}`,
  },
];
