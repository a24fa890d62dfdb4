import type { UnclaimedRecordDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import { venuesIn } from '../venues-in.js';

const COLUMNS: readonly Column<UnclaimedRecordDto & { readonly venue: string }>[] = [
  plain('venue'),
  plain('venue_reference'),
  plain('form'),
  plain('client_reference', 'reference'),
  plain('gross'),
  plain('destination'),
  plain('venue_status', 'status'),
  when('created_at', 'made'),
  when('reported_at', 'told'),
];

export const haltRecords: Command = {
  name: 'halt records',
  summary:
    'lists payments in the venues’ records without an order here: the causes of unclaimed_record halts, in full',
  operands: [],
  options: [{ name: 'venue', value: 'V', help: 'only of this venue; default every venue' }],
  notes: ['After a restore these are payments that were made after the moment that was restored.'],
  example: 'halt records --venue gateio',
  run: async (input, { services }) => {
    const asked = venuesIn(input, services).map(async (venue) => {
      const records = await services.connector(venue).unclaimedRecords();
      return records.map((record) => ({ venue, ...record }));
    });
    const rows = (await Promise.all(asked)).flat();
    return {
      json: rows,
      text: (style) =>
        table(
          COLUMNS,
          rows,
          style,
          'every payment in the records of the venues was sent from here',
        ),
    };
  },
};
