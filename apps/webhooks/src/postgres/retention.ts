import { RETENTION_CUTOFF, type RetentionRule } from '@sluice/postgres';

/**
 * A delivery leaves with its attempts, also one that has waited all that time for a paused webhook: nobody has asked for it. Claims of events
 * outlive every topic that could bring the event again.
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
  {
    table: 'consumer_inbox',
    key: 'id',
    keyType: 'bigint',
    endsInKeyOrder: true,
    ended: `t.claimed_at < ${RETENTION_CUTOFF}`,
  },
  {
    table: 'consumer_position',
    key: 'id',
    keyType: 'bigint',
    endsInKeyOrder: true,
    ended: `t.moved_at < ${RETENTION_CUTOFF} AND t.first_seen_at < ${RETENTION_CUTOFF}`,
  },
];
