import { orWhenMissing } from '../admin-faults.js';
import { usageError } from '../cli-error.js';
import type { Answer, Command, CommandContext } from '../command.js';
import type { Input } from '../input.js';
import { cell } from '../render/cell.js';
import { SEE_WEBHOOKS } from '../webhook-text.js';

const RANGE = ['webhook', 'from', 'to'] as const;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;

export const webhookRequeue: Command = {
  name: 'webhook requeue',
  summary: 'sends again: one delivery, or those of a webhook that have failed in a time',
  operands: [{ name: 'DELIVERY', help: 'one, whatever has become of it', optional: true }],
  options: [
    { name: 'webhook', value: 'ID', help: 'whose failed deliveries, with --from and --to' },
    { name: 'from', value: 'TIME', help: 'scheduled from then on, e.g. 2026-11-20T08:00:00Z' },
    { name: 'to', value: 'TIME', help: 'and before then' },
  ],
  notes: [
    'The receiver sees the same id and the same bytes: who de-duplicates does nothing twice.',
  ],
  example:
    'webhook requeue --webhook 0193a1b2-0000-7000-8000-00000000000a --from 2026-11-20T08:00:00Z --to 2026-11-20T10:00:00Z',
  run: (input, context) => {
    const delivery = input.optionalOperand('DELIVERY');
    const isRange = RANGE.some((name) => input.isSet(name));
    if ((delivery === undefined) !== isRange)
      throw usageError('it takes one DELIVERY, or --webhook with --from and --to');
    return delivery === undefined ? requeueRange(input, context) : requeueOne(delivery, context);
  },
};

async function requeueOne(id: string, { services }: CommandContext): Promise<Answer> {
  const delivery = await orWhenMissing(
    services.webhooks.requeueDelivery(id),
    '"sluice webhook deliveries ID" shows those of a webhook',
  );
  return { json: delivery, text: () => `delivery ${cell(delivery.id)} goes out again` };
}

async function requeueRange(input: Input, { services }: CommandContext): Promise<Answer> {
  const [webhook, from, to] = [
    input.text('webhook'),
    instantIn(input, 'from'),
    instantIn(input, 'to'),
  ];
  const done = await orWhenMissing(
    services.webhooks.requeueDeliveries(webhook, { from, to }),
    SEE_WEBHOOKS,
  );
  return { json: done, text: () => `${cell(done.requeued)} go out again` };
}

function instantIn(input: Input, name: 'from' | 'to'): string {
  const text = input.text(name);
  if (!INSTANT.test(text))
    throw usageError(`--${name} takes a UTC time such as 2026-11-20T08:00:00Z, not "${text}"`);
  return text;
}
