import type { AccountRowDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<AccountRowDto>[] = [
  plain('account_id', 'account'),
  plain('name'),
  count('keys'),
  when('created_at', 'created'),
];

export const accountList: Command = {
  name: 'account list',
  summary: 'lists the accounts',
  operands: [],
  options: [],
  example: 'account list',
  run: async (_input, { services }) => {
    const accounts = await services.intake.accounts();
    return {
      json: accounts,
      text: (style) =>
        table(COLUMNS, accounts, style, 'there is no account yet: sluice account create --name N'),
    };
  },
};
