import type { Command } from '../command.js';
import type { AdminClient } from '../admin-client.js';
import { connectorFor, connectorsOf } from '../find-connector.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import { rowsOf, type Row } from '../row.js';

const COLUMNS: readonly Column[] = [
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
  run: async (input, { admin }) => {
    const venue = input.optional('venue');
    const services = venue === undefined ? connectorsOf(admin) : [connectorFor(admin, venue)];
    const rows = (await Promise.all(services.map((service) => haltsAt(admin, service)))).flat();
    const shown = input.isSet('all') ? rows : rows.filter((row) => row['lifted_at'] === null);
    return { json: shown, text: (style) => table(COLUMNS, shown, style, 'no venue is halted') };
  },
};

async function haltsAt(admin: AdminClient, service: string): Promise<Row[]> {
  const rows = rowsOf(await admin.answer(service, { path: '/internal/halts' }));
  return rows.map((row) => ({ venue: service.replace(/^connector-/, ''), ...row }));
}
