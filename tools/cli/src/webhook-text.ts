import type { WebhookDto } from '@sluice/admin-api';
import { cell } from './render/cell.js';
import type { Style } from './render/style.js';
import { facts } from './render/table.js';
import { time } from './render/time.js';

/** Hint for an unknown webhook. */
export const SEE_WEBHOOKS = '"sluice webhook list --account A" shows those of an account';
export const WEBHOOK_ID = { name: 'ID', help: 'as "sluice webhook list" shows it' };

/** Formats a webhook for people, with additional facts. */
export function webhookText(
  webhook: WebhookDto,
  style: Style,
  more: readonly (readonly [string, string])[] = [],
): string {
  const pairs = [
    ['webhook', cell(webhook.id)],
    ['account', cell(webhook.account)],
    ['url', cell(webhook.url)],
    ['events', cell(webhook.events)],
    ['description', cell(webhook.description)],
    ['state', stateOf(webhook)],
    ['created', time(webhook.created_at)],
    ...more,
  ] as const;
  return facts(pairs, style);
}

function stateOf({ state, paused_at, paused_because, failing_since }: WebhookDto): string {
  if (state === 'paused')
    return `paused since ${time(paused_at)}, ${paused_because === 'failures' ? 'after days of nothing but failures' : 'as somebody wished'}`;
  return failing_since === null || state === 'deleted'
    ? cell(state)
    : `${cell(state)}, but nothing has been delivered since ${time(failing_since)}`;
}
