import type { AuditEntryDto } from '@sluice/admin-api';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const DEFAULT_LIMIT = 50;
const HIGHEST_LIMIT = 500;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;

type Row = AuditEntryDto & { readonly service: string };

const COLUMNS: readonly Column<Row>[] = [
  plain('service'),
  plain('sequence'),
  when('at', 'at'),
  { title: 'by', of: ({ caller_kind, caller_name }) => caller_name || caller_kind },
  plain('remote', 'from'),
  { title: 'call', of: ({ method, target }) => `${method} ${target}` },
  { title: 'answer', of: ({ status }) => status ?? 'asked' },
  { title: 'what', of: ({ refusal, summary }) => refusal ?? summary },
];

export const auditList: Command = {
  name: 'audit list',
  summary: 'lists calls and their callers, newest first',
  operands: [],
  options: [
    { name: 'service', value: 'S', help: 'only of this service; default every service' },
    { name: 'by', value: 'NAME', help: 'only calls of this person or service' },
    { name: 'since', value: 'TIME', help: 'only from this moment on, e.g. 2026-11-20T08:00:00Z' },
    {
      name: 'limit',
      value: 'N',
      help: `maximum number of entries per service; default ${DEFAULT_LIMIT}`,
    },
  ],
  notes: [
    'A call that changes something has two entries: "asked" before it is done, and its answer.',
  ],
  example: 'audit list --by "R. Ortiz" --since 2026-11-20T08:00:00Z',
  run: async (input, { services }) => {
    const [service, by, since] = ['service', 'by', 'since'].map((name) => input.optional(name));
    if (since !== undefined && !INSTANT.test(since))
      throw usageError(`--since takes a UTC time such as 2026-11-20T08:00:00Z, not "${since}"`);
    const limit = input.integer('limit', 1, HIGHEST_LIMIT) ?? DEFAULT_LIMIT;
    const query = { limit, ...(by !== undefined && { by }), ...(since !== undefined && { since }) };
    const asked = (service === undefined ? services.names() : [service]).map(async (name) => {
      const { data } = await services.service(name).auditEntries(query);
      return data.map((entry) => ({ service: name, ...entry }));
    });
    const rows = (await Promise.all(asked)).flat();
    const newestFirst = rows.sort((a, b) => b.at.localeCompare(a.at));
    return {
      json: newestFirst,
      text: (style) => table(COLUMNS, newestFirst, style, 'there is no entry'),
    };
  },
};
