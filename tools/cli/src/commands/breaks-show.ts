import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';

export const breaksShow: Command = {
  name: 'breaks show',
  summary: 'shows one break in full, with the halt that it has demanded',
  operands: [{ name: 'ID', help: 'as "sluice breaks list" shows it' }],
  options: [{ name: 'venue', value: 'V', help: 'whose break it is', required: true }],
  example: 'breaks show 4 --venue gateio',
  run: async (input, { services }) => {
    const venue = input.text('venue');
    const shown = await orWhenMissing(
      services.connector(venue).showBreak(input.operand('ID')),
      '"sluice breaks list" shows them',
    );
    const lines = Object.entries({ venue, ...shown });
    return {
      json: { venue, ...shown },
      text: () => lines.map(([name, value]) => `${name.padEnd(14)}  ${cell(value)}`).join('\n'),
    };
  },
};
