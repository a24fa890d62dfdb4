import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';

export const breaksClose: Command = {
  name: 'breaks close',
  summary: 'closes a break after a person has found its cause; kept permanently, with the evidence',
  operands: [{ name: 'ID', help: 'as "sluice breaks list" shows it' }],
  options: [
    { name: 'venue', value: 'V', help: 'whose break it is', required: true },
    { name: 'evidence', value: 'TEXT', help: 'what was found out; kept for good', required: true },
  ],
  notes: ['Its halt stays in force until it is lifted: "sluice halt lift".'],
  example: 'breaks close 4 --venue gateio --evidence "ticket 8812: a payment made by hand"',
  run: async (input, { services }) => {
    const [id, venue] = [input.operand('ID'), input.text('venue')];
    const closing = { evidence: input.text('evidence') };
    const closed = await orWhenMissing(
      services.connector(venue).closeBreak(id, closing),
      '"sluice breaks list" shows them',
    );
    return {
      json: { venue, ...closed },
      text: () =>
        `break ${id} of ${venue} is closed; its halt: sluice halt lift ${closed.halt_id} --venue ${venue}`,
    };
  },
};
