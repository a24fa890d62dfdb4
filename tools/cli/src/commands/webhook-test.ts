import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { SEE_WEBHOOKS, WEBHOOK_ID } from '../webhook-text.js';

export const webhookTest: Command = {
  name: 'webhook test',
  summary: 'sends a webhook an event of no withdrawal, to try it out',
  operands: [WEBHOOK_ID],
  options: [],
  example: 'webhook test 0193a1b2-0000-7000-8000-00000000000a',
  run: async (input, { services }) => {
    const delivery = await orWhenMissing(
      services.webhooks.testWebhook(input.operand('ID')),
      SEE_WEBHOOKS,
    );
    return {
      json: delivery,
      text: () =>
        `it goes out as delivery ${cell(delivery.id)}; see: sluice webhook delivery ${cell(delivery.id)}`,
    };
  },
};
