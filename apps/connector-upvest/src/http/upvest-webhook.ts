import type { KeyObject } from 'node:crypto';
import { verifyUpvest, type UpvestMessage } from '@sluice/signing';

export type WebhookVerdict =
  | { kind: 'hint'; venueReferences: readonly string[] }
  | { kind: 'not_signed' }
  | { kind: 'unreadable' };

/**
 * What a webhook is worth: the ids of withdrawals to look up now. The statuses in it are not read: deliveries repeat and may come
 * in any order, a look-up finds the truth.
 */
export function judgeWebhook(key: KeyObject, message: UpvestMessage): WebhookVerdict {
  if (message.body.length === 0 || !verifyUpvest('v6', key, message)) return { kind: 'not_signed' };
  const events = payloadOf(message.body);
  if (!events) return { kind: 'unreadable' };
  const ids = events.flatMap(({ type, object }) =>
    /^WITHDRAWAL\./.test(type) && typeof object?.id === 'string' ? [object.id.toLowerCase()] : [],
  );
  return { kind: 'hint', venueReferences: [...new Set(ids)] };
}

interface Event {
  readonly type: string;
  readonly object?: { readonly id?: unknown };
}

function payloadOf(body: UpvestMessage['body']): Event[] | null {
  try {
    const { payload } = JSON.parse(
      typeof body === 'string' ? body : Buffer.from(body).toString('utf8'),
    ) as { payload?: unknown };
    return Array.isArray(payload) ? payload.filter(isEvent) : null;
  } catch {
    return null;
  }
}

function isEvent(value: unknown): value is Event {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('type' in value) ||
    typeof value.type !== 'string'
  )
    return false;
  return !('object' in value) || (typeof value.object === 'object' && value.object !== null);
}
