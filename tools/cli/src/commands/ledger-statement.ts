import { ACCOUNT, accountPath, SEE_ACCOUNTS } from '../account-path.js';
import type { Command } from '../command.js';
import { ledgerPage, PAGE_OPTIONS } from '../ledger-page.js';
import { amount, plain, when } from '../render/columns.js';
import type { Column } from '../render/table.js';

const COLUMNS: readonly Column[] = [
  when('recorded_at', 'recorded'),
  when('effective_at', 'effective'),
  plain('kind'),
  plain('asset'),
  amount('amount'),
  {
    title: 'withdrawal or reference',
    of: ({ withdrawal_id: withdrawal, reference }) => withdrawal ?? reference,
  },
  plain('entry_id', 'entry'),
];

export const ledgerStatement: Command = {
  name: 'ledger statement',
  summary: 'lists what was booked on an account, newest first',
  operands: [],
  options: [ACCOUNT, ...PAGE_OPTIONS],
  notes: ['Pages stay where they are, whatever is booked meanwhile.'],
  example: 'ledger statement --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --limit 20',
  run: (input, { admin }) =>
    ledgerPage(admin, input, {
      path: accountPath(input.text('account'), 'statement'),
      query: {},
      columns: COLUMNS,
      empty: 'nothing was booked',
      ifMissing: SEE_ACCOUNTS,
    }),
};
