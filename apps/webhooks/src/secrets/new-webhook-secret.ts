import { randomBytes } from 'node:crypto';
import { WEBHOOK_SECRET_PREFIX } from '@sluice/signing';

const SECRET_BYTES = 32;

/** Creates a secret in the format of Standard Webhooks. */
export function newWebhookSecret(): string {
  return `${WEBHOOK_SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}
