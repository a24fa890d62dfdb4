import type { ApprovalDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<ApprovalDto & { readonly service: string }>[] = [
  plain('service'),
  count('id'),
  plain('state'),
  { title: 'what', of: ({ action, target }) => `${action} ${target}` },
  { title: 'exactly', of: ({ request }) => JSON.stringify(request) },
  plain('requested_by', 'asked for by'),
  when('expires_at', 'until'),
  plain('approved_by', 'approved by'),
];

export const approvalsList: Command = {
  name: 'approvals list',
  summary: 'lists requests that wait for the approval of a second person',
  operands: [],
  options: [
    { name: 'service', value: 'S', help: 'only of this service; default every service' },
    { name: 'all', help: 'also what was approved, has expired or counts no more' },
  ],
  example: 'approvals list',
  run: async (input, { services }) => {
    const service = input.optional('service');
    const asked = (service === undefined ? services.names() : [service]).map(async (name) => {
      const approvals = await services.service(name).approvals();
      return approvals.map((approval) => ({ service: name, ...approval }));
    });
    const all = (await Promise.all(asked)).flat();
    const rows = input.isSet('all') ? all : all.filter(({ state }) => state === 'awaited');
    return { json: rows, text: (style) => table(COLUMNS, rows, style, 'nothing is awaited') };
  },
};
