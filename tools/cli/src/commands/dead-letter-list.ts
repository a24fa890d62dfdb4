import type { Command } from '../command.js';
import type { AdminClient } from '../admin-client.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import { rowsOf, type Row } from '../row.js';

const COLUMNS: readonly Column[] = [
  plain('service'),
  count('id'),
  when('deadLetteredAt', 'since'),
  {
    title: 'message',
    of: ({ topic, partition, offset }) =>
      `${String(topic)}[${String(partition)}]@${String(offset)}`,
  },
  plain('key'),
  plain('cause'),
];

export const deadLetterList: Command = {
  name: 'dead-letter list',
  summary: 'lists messages that could not be processed, with the cause',
  operands: [],
  options: [
    { name: 'service', value: 'S', help: 'only of this service; of every one unless told' },
  ],
  example: 'dead-letter list',
  run: async (input, { admin }) => {
    const service = input.optional('service');
    const services = service === undefined ? admin.services() : [admin.require(service)];
    const rows = (await Promise.all(services.map((name) => deadLetteredAt(admin, name)))).flat();
    return { json: rows, text: (style) => table(COLUMNS, rows, style, 'there is no dead letter') };
  },
};

async function deadLetteredAt(admin: AdminClient, service: string): Promise<Row[]> {
  const rows = rowsOf(await admin.answer(service, { path: '/internal/dead-letters' }));
  return rows.map((row) => ({ service, ...row }));
}
