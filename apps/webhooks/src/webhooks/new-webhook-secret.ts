import { randomBytes } from 'node:crypto';
import { WEBHOOK_SECRET_PREFIX } from '@sluice/signing';

const SECRET_BYTES = 32;

/** Of the form of Standard Webhooks. */
export function newWebhookSecret(): string {
  return `${WEBHOOK_SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}
