import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { SEE_WEBHOOKS, WEBHOOK_ID } from '../webhook-text.js';

export const webhookDelete: Command = {
  name: 'webhook delete',
  summary: 'deletes a webhook permanently; its deliveries stay on record',
  operands: [WEBHOOK_ID],
  options: [],
  example: 'webhook delete 0193a1b2-0000-7000-8000-00000000000a',
  run: async (input, { services }) => {
    const webhook = await orWhenMissing(
      services.webhooks.deleteWebhook(input.operand('ID')),
      SEE_WEBHOOKS,
    );
    return { json: webhook, text: () => `${cell(webhook.id)} is deleted` };
  },
};
