import type { Rights } from '@sluice/postgres';

/** What the running service may do. Where a webhook leads and what a delivery says never changes, and the log of attempts only grows. */
export const WEBHOOKS_RIGHTS: Rights = {
  tables: {
    webhook:
      'SELECT, INSERT, UPDATE (state, sealed, paused_at, paused_because, failing_since, failed_at, deleted_at)',
    delivery:
      'SELECT, INSERT, UPDATE (status, attempt_count, next_attempt_at, attempt_id, begun_at, ended_at)',
    delivery_attempt: 'SELECT, INSERT',
    consumer_inbox: 'SELECT, INSERT',
    consumer_position: 'SELECT, INSERT, UPDATE (sequence, previous, moved_at)',
  },
  sequences: ['delivery_number', 'attempt_number'],
};
