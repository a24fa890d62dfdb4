import { DELIVERY_PROGRESS } from '@sluice/http-api';
import { namesOf, type Rights } from '@sluice/postgres';

/**
 * A delivery's content never changes, and attempts only grow. The URL is sealed with the secret:
 * after a change of the column alone, no secret opens.
 */
export const WEBHOOKS_RIGHTS: Rights = {
  tables: {
    webhook:
      'SELECT, INSERT, UPDATE (url, events, formerly, description, state, sealed, secret_since, previous_sealed, previous_until, revision, paused_at, paused_because, failing_since, failed_at, deleted_at)',
    delivery: `SELECT, INSERT, UPDATE (${namesOf(DELIVERY_PROGRESS)})`,
    delivery_attempt: 'SELECT, INSERT',
    webhook_request: 'SELECT, INSERT',
    account_sends: 'SELECT, INSERT, UPDATE (minute, sends)',
  },
  sequences: ['event_position', 'attempt_number'],
};
