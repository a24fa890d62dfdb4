import type { HaltDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import { venuesIn } from '../venues-in.js';

const COLUMNS: readonly Column<HaltDto & { readonly venue: string }>[] = [
  plain('venue'),
  count('id'),
  when('opened_at', 'opened'),
  plain('opened_by', 'by'),
  plain('reason'),
  plain('subject'),
  plain('details'),
  when('lifted_at', 'lifted'),
  plain('lifted_by', 'lifted by'),
  plain('lift_evidence', 'evidence'),
];

export const haltList: Command = {
  name: 'halt list',
  summary:
    'lists the halts of the venues: those in force, then lifted ones, with what each is about',
  operands: [],
  options: [
    { name: 'venue', value: 'V', help: 'only of this venue; of every one unless told' },
    { name: 'all', help: 'lifted ones too' },
  ],
  example: 'halt list --venue gateio',
  run: async (input, { services }) => {
    const asked = venuesIn(input, services).map(async (venue) => {
      const halts = await services.connector(venue).halts();
      return halts.map((halt) => ({ venue, ...halt }));
    });
    const rows = (await Promise.all(asked)).flat();
    const shown = input.isSet('all') ? rows : rows.filter((halt) => halt.lifted_at === null);
    return { json: shown, text: (style) => table(COLUMNS, shown, style, 'no venue is halted') };
  },
};
