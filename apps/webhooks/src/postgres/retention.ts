import { RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

/**
 * Deliveries leave with their attempts, even from a paused webhook. Events stay longer than a topic
 * can redeliver their steps.
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
