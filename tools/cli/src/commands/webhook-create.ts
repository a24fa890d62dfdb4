import type { CreateWebhookDto } from '@sluice/admin-api';
import { ACCOUNT } from '../account-option.js';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import type { Input } from '../input.js';
import { cell } from '../render/cell.js';
import { webhookText } from '../webhook-text.js';

export const webhookCreate: Command = {
  name: 'webhook create',
  summary: 'registers a URL for events, and shows its signing secret once',
  operands: [],
  options: [
    ACCOUNT,
    { name: 'url', value: 'URL', help: 'https, a public address', required: true },
    {
      name: 'events',
      value: 'E,…',
      help: 'withdrawal.broadcasted, withdrawal.confirmed, withdrawal.failed, …',
      required: true,
    },
    { name: 'description', value: 'TEXT', help: 'what it is for' },
  ],
  notes: ['A secret is neither shown again nor changed: delete the webhook and create another.'],
  example:
    'webhook create --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --url https://shop.example/hooks --events withdrawal.confirmed,withdrawal.failed',
  run: async (input, { services }) => {
    const webhook = await services.webhooks.createWebhook(webhookIn(input));
    return {
      json: webhook,
      text: (style) =>
        [
          webhookText(webhook, style, [['secret', cell(webhook.secret)]]),
          style.doubtful('the secret is not shown again: keep it now'),
        ].join('\n'),
    };
  },
};

function webhookIn(input: Input): CreateWebhookDto {
  const events = input.words('events') ?? [];
  if (events.length === 0)
    throw usageError('--events names at least one event, e.g. withdrawal.confirmed');
  const description = input.optional('description');
  return {
    account: input.text('account'),
    url: input.text('url'),
    events,
    ...(description !== undefined && { description }),
  };
}
