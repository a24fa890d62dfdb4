import type { StatementLineDto } from '@sluice/admin-api';
import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { pageOf, PAGE_OPTIONS, pageQuery } from '../page.js';
import { amount, plain, when } from '../render/columns.js';
import type { Column } from '../render/table.js';

const COLUMNS: readonly Column<StatementLineDto>[] = [
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
  run: async (input, { services }) => {
    const page = await orWhenMissing(
      services.ledger.statement(input.text('account'), pageQuery(input)),
      SEE_ACCOUNTS,
    );
    return pageOf(page, COLUMNS, 'nothing was booked');
  },
};
