import type { Rights } from '@sluice/postgres';

/** What the running service may do. What a delivery says never changes, and the log of attempts only grows. Where a webhook leads is sealed with its secret: a row whose url was changed alone does not open. */
export const WEBHOOKS_RIGHTS: Rights = {
  tables: {
    webhook:
      'SELECT, INSERT, UPDATE (url, events, formerly, description, state, sealed, secret_since, previous_sealed, previous_until, revision, paused_at, paused_because, failing_since, failed_at, deleted_at)',
    delivery:
      'SELECT, INSERT, UPDATE (status, attempt_count, next_attempt_at, attempt_id, begun_at, ended_at)',
    delivery_attempt: 'SELECT, INSERT',
    webhook_request: 'SELECT, INSERT',
    account_event: 'SELECT, INSERT',
    account_sends: 'SELECT, INSERT, UPDATE (minute, sends)',
    consumer_inbox: 'SELECT, INSERT',
    consumer_position: 'SELECT, INSERT, UPDATE (sequence, previous, moved_at)',
  },
  sequences: ['delivery_number', 'attempt_number'],
};
