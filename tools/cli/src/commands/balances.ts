import type { AccountBalanceDto } from '@sluice/admin-api';
import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { amount, ASSET } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<AccountBalanceDto>[] = [
  ASSET,
  amount('balance'),
  amount('held'),
  amount('available'),
];

export const balances: Command = {
  name: 'balances',
  summary: 'shows what an account has, what is held, and what is left',
  operands: [],
  options: [ACCOUNT],
  example: 'balances --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11',
  run: async (input, { services }) => {
    const account = input.text('account');
    const rows = await orWhenMissing(services.intake.balances(account), SEE_ACCOUNTS);
    const cases = (await services.ledger.freezes())
      .filter(({ account_id }) => account_id === account)
      .map(({ freeze_id }) => freeze_id);
    return {
      json: rows,
      text: (style) =>
        [
          table(COLUMNS, rows, style, 'nothing has arrived on this account: sluice fund'),
          ...(cases.length > 0 ? [style.doubtful(`frozen by ${cell(cases)}`)] : []),
        ].join('\n'),
    };
  },
};
