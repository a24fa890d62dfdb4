import type { Command } from '../command.js';
import { cell } from '../render/cell.js';

export const haltOpen: Command = {
  name: 'halt open',
  summary: 'stops a venue: nothing is sent to it until the halt is lifted',
  operands: [],
  options: [
    { name: 'venue', value: 'V', help: 'the venue to be stopped', required: true },
    { name: 'by', value: 'NAME', help: 'who stops it', required: true },
    {
      name: 'because',
      value: 'TEXT',
      help: 'why; shown with each withdrawal that waits for it',
      required: true,
    },
  ],
  notes: [
    'What the venue has already is followed to its end. What waits keeps its deadline: another venue may take it over, where the route has one.',
  ],
  example:
    'halt open --venue gateio --by "R. Ortiz" --because "their status page reports double payments"',
  run: async (input, { services }) => {
    const venue = input.text('venue');
    const order = { by: input.text('by'), details: input.text('because') };
    const halt = await services.connector(venue).openHalt(order);
    return {
      json: { venue, ...halt },
      text: () =>
        `${venue} is halted: ${cell(halt.id)}. Lift it with: sluice halt lift ${cell(halt.id)} --venue ${venue}`,
    };
  },
};
