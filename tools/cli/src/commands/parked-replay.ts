import type { Command } from '../command.js';
import { rowOf } from '../row.js';

export const parkedReplay: Command = {
  name: 'parked replay',
  summary: 'sends a parked message to its topic again, under the id it had',
  operands: [{ name: 'ID', help: 'as "sluice parked list" shows it' }],
  options: [{ name: 'service', value: 'S', help: 'the service that parked it', required: true }],
  example: 'parked replay 3 --service ledger',
  run: async (input, { doors }) => {
    const service = doors.require(input.text('service'));
    const id = input.operand('ID');
    const path = `/internal/parked/${encodeURIComponent(id)}/replay`;
    const replayed = rowOf(
      await doors.answer(service, {
        method: 'POST',
        path,
        ifMissing: '"sluice parked list" shows what waits',
      }),
    );
    return {
      json: { service, ...replayed },
      text: () =>
        `message ${id} goes to ${service} again; if it fails once more, it is parked anew`,
    };
  },
};
