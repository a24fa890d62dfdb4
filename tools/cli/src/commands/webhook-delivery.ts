import type { DeliveryAttemptDto, DeliveryHistoryDto } from '@sluice/admin-api';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { cell, printable } from '../render/cell.js';
import { count, exactlyWhen, plain } from '../render/columns.js';
import type { Style } from '../render/style.js';
import { facts, table, type Column } from '../render/table.js';
import { time } from '../render/time.js';

const ATTEMPTS: readonly Column<DeliveryAttemptDto>[] = [
  exactlyWhen('started_at', 'at'),
  count('status', 'HTTP'),
  count('duration_ms', 'ms'),
  plain('error'),
];

export const webhookDelivery: Command = {
  name: 'webhook delivery',
  summary: 'shows one delivery in full: what was sent, each attempt and its answer',
  operands: [{ name: 'DELIVERY', help: 'as "sluice webhook deliveries" shows it' }],
  options: [],
  example: 'webhook delivery 42',
  run: async (input, { services }) => {
    const delivery = await orWhenMissing(
      services.webhooks.delivery(input.operand('DELIVERY')),
      '"sluice webhook deliveries ID" shows those of a webhook',
    );
    return { json: delivery, text: (style) => textOf(delivery, style) };
  },
};

function textOf(delivery: DeliveryHistoryDto, style: Style): string {
  const pairs = [
    ['delivery', cell(delivery.id)],
    ['webhook', cell(delivery.webhook_id)],
    ['event', cell(delivery.event)],
    ['status', cell(delivery.status)],
    ['scheduled', time(delivery.created_at)],
    ['next', time(delivery.next_retry_at)],
    ['ended', time(delivery.ended_at)],
    ['body', cell(delivery.body)],
  ] as const;
  const last = delivery.attempts.at(-1)?.answer ?? '';
  return [
    facts(pairs, style),
    '',
    table(ATTEMPTS, delivery.attempts, style, 'it was not attempted yet'),
    ...(last === '' ? [] : ['', style.bold('last answer'), printable(last)]),
  ].join('\n');
}
