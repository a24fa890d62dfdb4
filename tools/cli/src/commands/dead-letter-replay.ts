import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';

export const deadLetterReplay: Command = {
  name: 'dead-letter replay',
  summary: 'has a dead letter processed by its service, under the id it had',
  operands: [{ name: 'ID', help: 'as "sluice dead-letter list" shows it' }],
  options: [
    { name: 'service', value: 'S', help: 'the service that dead-lettered it', required: true },
  ],
  example: 'dead-letter replay 3 --service ledger',
  run: async (input, { services }) => {
    const [service, id] = [input.text('service'), input.operand('ID')];
    const replayed = await orWhenMissing(
      services.service(service).replayDeadLetter(id),
      '"sluice dead-letter list" shows what waits',
    );
    return {
      json: { service, ...replayed },
      text: () => `${service} has processed message ${id}`,
    };
  },
};
