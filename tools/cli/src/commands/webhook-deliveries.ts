import type { DeliveryDto, DeliveryStatus } from '@sluice/admin-api';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { PAGE_OPTIONS, pageOf, pageQuery } from '../page.js';
import { count, plain, state, when } from '../render/columns.js';
import type { Column } from '../render/table.js';
import { SEE_WEBHOOKS, WEBHOOK_ID } from '../webhook-text.js';

const STATUSES: readonly DeliveryStatus[] = ['pending', 'delivered', 'failed'];

const COLUMNS: readonly Column<DeliveryDto>[] = [
  count('id', 'delivery'),
  when('created_at', 'scheduled'),
  plain('event'),
  state('status'),
  count('attempt_count', 'attempts'),
  when('next_retry_at', 'next'),
  when('ended_at', 'ended'),
];

export const webhookDeliveries: Command = {
  name: 'webhook deliveries',
  summary: 'lists the past and pending deliveries of a webhook, newest first',
  operands: [WEBHOOK_ID],
  options: [{ name: 'status', value: 'S', help: `only ${STATUSES.join(', ')}` }, ...PAGE_OPTIONS],
  example: 'webhook deliveries 0193a1b2-0000-7000-8000-00000000000a --status failed',
  run: async (input, { services }) => {
    const status = input.choice('status', STATUSES);
    const query = { ...(status !== undefined && { status }), ...pageQuery(input) };
    const page = await orWhenMissing(
      services.webhooks.deliveries(input.operand('ID'), query),
      SEE_WEBHOOKS,
    );
    return pageOf(page, COLUMNS, `there is no delivery${status ? ` that is ${status}` : ''}`);
  },
};
