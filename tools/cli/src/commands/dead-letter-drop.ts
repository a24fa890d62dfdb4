import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';

export const deadLetterDrop: Command = {
  name: 'dead-letter drop',
  summary: 'dismisses a dead letter; kept as evidence, with your name and reason',
  operands: [{ name: 'ID', help: 'as "sluice dead-letter list" shows it' }],
  options: [
    { name: 'service', value: 'S', help: 'the service that dead-lettered it', required: true },
    { name: 'reason', value: 'TEXT', help: 'why it is not needed; kept for good', required: true },
  ],
  notes: ['It is never processed: a withdrawal that waits for it waits for ever.'],
  example:
    'dead-letter drop 3 --service ledger --reason "ticket 91: not json, of no sender of ours"',
  run: async (input, { services }) => {
    const [service, id] = [input.text('service'), input.operand('ID')];
    const dismissed = await orWhenMissing(
      services.service(service).dismissDeadLetter(id, { reason: input.text('reason') }),
      '"sluice dead-letter list" shows what waits',
    );
    return {
      json: { service, ...dismissed },
      text: () => `message ${id} of ${service} is dismissed by ${dismissed.dismissed_by}`,
    };
  },
};
