import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { SEE_WEBHOOKS, WEBHOOK_ID, webhookText } from '../webhook-text.js';

export const webhookShow: Command = {
  name: 'webhook show',
  summary: 'shows one webhook',
  operands: [WEBHOOK_ID],
  options: [],
  example: 'webhook show 0193a1b2-0000-7000-8000-00000000000a',
  run: async (input, { services }) => {
    const webhook = await orWhenMissing(
      services.webhooks.webhook(input.operand('ID')),
      SEE_WEBHOOKS,
    );
    return { json: webhook, text: (style) => webhookText(webhook, style) };
  },
};
