import type { Command } from '../command.js';
import { plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import { rowsOf } from '../row.js';

const COLUMNS: readonly Column[] = [
  plain('account_id', 'account'),
  plain('name'),
  { title: 'keys', of: ({ keys }) => (Array.isArray(keys) ? keys.length : keys), align: 'right' },
  when('created_at', 'created'),
];

export const accountList: Command = {
  name: 'account list',
  summary: 'lists the accounts',
  operands: [],
  options: [],
  example: 'account list',
  run: async (_input, { admin }) => {
    const accounts = rowsOf(await admin.answer('intake-api', { path: '/internal/accounts' }));
    return {
      json: accounts,
      text: (style) =>
        table(COLUMNS, accounts, style, 'there is no account yet: sluice account create --name N'),
    };
  },
};
