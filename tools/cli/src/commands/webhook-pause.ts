import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { SEE_WEBHOOKS, WEBHOOK_ID } from '../webhook-text.js';

export const webhookPause: Command = {
  name: 'webhook pause',
  summary: 'sends a webhook nothing until it is resumed; what happens meanwhile waits for it',
  operands: [WEBHOOK_ID],
  options: [],
  example: 'webhook pause 0193a1b2-0000-7000-8000-00000000000a',
  run: async (input, { services }) => {
    const webhook = await orWhenMissing(
      services.webhooks.pauseWebhook(input.operand('ID')),
      SEE_WEBHOOKS,
    );
    return { json: webhook, text: () => `${cell(webhook.id)} is paused` };
  },
};

export const webhookResume: Command = {
  name: 'webhook resume',
  summary: 'lets a paused webhook go on',
  operands: [WEBHOOK_ID],
  options: [],
  example: 'webhook resume 0193a1b2-0000-7000-8000-00000000000a',
  run: async (input, { services }) => {
    const webhook = await orWhenMissing(
      services.webhooks.resumeWebhook(input.operand('ID')),
      SEE_WEBHOOKS,
    );
    return { json: webhook, text: () => `${cell(webhook.id)} goes on` };
  },
};
