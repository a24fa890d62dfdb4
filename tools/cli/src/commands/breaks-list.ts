import type { BreakDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import { venuesIn } from '../venues-in.js';

const COLUMNS: readonly Column<BreakDto & { readonly venue: string }>[] = [
  plain('venue'),
  count('id'),
  when('opened_at', 'opened'),
  plain('kind'),
  plain('subject'),
  plain('amount'),
  plain('asset'),
  plain('recipient'),
  plain('details'),
  count('halt_id', 'halt'),
  when('closed_at', 'closed'),
  plain('closed_by', 'closed by'),
  plain('close_evidence', 'evidence'),
];

export const breaksList: Command = {
  name: 'breaks list',
  summary: 'lists payments of venues that differ from our orders: open breaks, then closed breaks',
  operands: [],
  options: [
    { name: 'venue', value: 'V', help: 'only of this venue; default every venue' },
    { name: 'all', help: 'closed ones too' },
  ],
  example: 'breaks list --venue gateio',
  run: async (input, { services }) => {
    const asked = venuesIn(input, services).map(async (venue) => {
      const breaks = await services.connector(venue).breaks();
      return breaks.map((one) => ({ venue, ...one }));
    });
    const rows = (await Promise.all(asked)).flat();
    const shown = input.isSet('all') ? rows : rows.filter((one) => one.closed_at === null);
    return { json: shown, text: (style) => table(COLUMNS, shown, style, 'no break is open') };
  },
};
