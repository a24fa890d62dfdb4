import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { usageError } from '../cli-error.js';

const ID = /^[1-9]\d{0,17}$/;

export const haltLift: Command = {
  name: 'halt lift',
  summary: 'lets a venue send again after a person has looked; kept for good, with the evidence',
  operands: [{ name: 'ID', help: 'as "sluice halt list" shows it' }],
  options: [
    { name: 'venue', value: 'V', help: 'the venue that is halted', required: true },
    { name: 'by', value: 'NAME', help: 'who has looked', required: true },
    { name: 'evidence', value: 'TEXT', help: 'what was found out; kept for good', required: true },
  ],
  notes: [
    'Nothing is sent while another halt of the venue is in force.',
    'A record that a halt was about does not halt the venue again.',
  ],
  example:
    'halt lift 3 --venue gateio --by "R. Ortiz" --evidence "ticket 8812: the record is a payment made by hand"',
  run: async (input, { services }) => {
    const [id, venue] = [input.operand('ID'), input.text('venue')];
    if (!ID.test(id)) throw usageError(`a halt is named by its number, not "${id}"`);
    const lift = { by: input.text('by'), evidence: input.text('evidence') };
    const halt = await orWhenMissing(
      services.connector(venue).liftHalt(id, lift),
      '"sluice halt list" shows them',
    );
    return {
      json: { venue, ...halt },
      text: () => `halt ${id} of ${venue} is lifted; see: sluice halt list --venue ${venue}`,
    };
  },
};
