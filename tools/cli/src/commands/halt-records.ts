import type { Command } from '../command.js';
import type { AdminClient } from '../admin-client.js';
import { connectorFor, connectorsOf } from '../find-connector.js';
import { plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import { rowsOf, type Row } from '../row.js';

const COLUMNS: readonly Column[] = [
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
    'lists payments in the records of the venues that nobody here has sent: what an unclaimed_record halt is about, in full',
  operands: [],
  options: [{ name: 'venue', value: 'V', help: 'only of this venue; of every one unless told' }],
  notes: ['After a restore these are payments that were made after the moment that was restored.'],
  example: 'halt records --venue gateio',
  run: async (input, { admin }) => {
    const venue = input.optional('venue');
    const services = venue === undefined ? connectorsOf(admin) : [connectorFor(admin, venue)];
    const rows = (await Promise.all(services.map((service) => recordsAt(admin, service)))).flat();
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

async function recordsAt(admin: AdminClient, service: string): Promise<Row[]> {
  const rows = rowsOf(await admin.answer(service, { path: '/internal/halts/records' }));
  return rows.map((row) => ({ venue: service.replace(/^connector-/, ''), ...row }));
}
