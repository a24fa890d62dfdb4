import type { WebhookDto } from '@sluice/admin-api';
import { ACCOUNT } from '../account-option.js';
import type { Command } from '../command.js';
import { plain, state, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<WebhookDto>[] = [
  plain('id', 'webhook'),
  state('state'),
  plain('url'),
  plain('events'),
  plain('description'),
  when('created_at', 'created'),
  when('failing_since', 'failing since'),
];

export const webhookList: Command = {
  name: 'webhook list',
  summary: 'lists the webhooks of an account',
  operands: [],
  options: [ACCOUNT],
  example: 'webhook list --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11',
  run: async (input, { services }) => {
    const webhooks = await services.webhooks.webhooks(input.text('account'));
    return {
      json: webhooks,
      text: (style) =>
        table(COLUMNS, webhooks, style, 'there is no webhook yet: sluice webhook create'),
    };
  },
};
