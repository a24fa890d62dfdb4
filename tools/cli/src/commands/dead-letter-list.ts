import type { DeadLetterDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<DeadLetterDto & { readonly service: string }>[] = [
  plain('service'),
  count('id'),
  when('dead_lettered_at', 'since'),
  {
    title: 'message',
    of: ({ topic, partition, offset }) => `${topic}[${partition}]@${offset}`,
  },
  plain('key'),
  plain('cause'),
];

export const deadLetterList: Command = {
  name: 'dead-letter list',
  summary: 'lists messages that could not be processed, with the cause',
  operands: [],
  options: [{ name: 'service', value: 'S', help: 'only of this service; default every service' }],
  example: 'dead-letter list',
  run: async (input, { services }) => {
    const service = input.optional('service');
    const asked = (service === undefined ? services.names() : [service]).map(async (name) => {
      const deadLetters = await services.service(name).deadLetters();
      return deadLetters.map((deadLetter) => ({ service: name, ...deadLetter }));
    });
    const rows = (await Promise.all(asked)).flat();
    return { json: rows, text: (style) => table(COLUMNS, rows, style, 'there is no dead letter') };
  },
};
