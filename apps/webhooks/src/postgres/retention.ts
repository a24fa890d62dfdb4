import { RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

/**
 * Events leave with their deliveries and attempts, even from a paused webhook. They stay longer than
 * a topic can redeliver their steps.
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
    table: 'webhook_request',
    key: 'id',
    keyType: 'bigint',
    endsInKeyOrder: true,
    ended: `t.made_at < ${RETENTION_CUTOFF}`,
  },
];
