import { ACCOUNT, accountPath, SEE_ACCOUNTS } from '../account-path.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import type { Style } from '../render/style.js';
import { facts } from '../render/table.js';
import { rowOf, type Row } from '../row.js';

export const fund: Command = {
  name: 'fund',
  summary: 'credits an account; one reference does so once',
  operands: [],
  options: [
    ACCOUNT,
    { name: 'currency', value: 'C', help: 'e.g. USDT', required: true },
    { name: 'network', value: 'N', help: 'e.g. ETH', required: true },
    { name: 'amount', value: 'D', help: 'decimal, e.g. 1000 or 0.5', required: true },
    {
      name: 'reference',
      value: 'R',
      help: 'what the money came with; asked again, it answers the first entry',
      required: true,
    },
  ],
  example:
    'fund --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --currency USDT --network ETH --amount 1000 --reference deposit-77',
  run: async (input, { admin }) => {
    const path = accountPath(input.text('account'), 'fundings');
    const body = {
      currency: input.text('currency'),
      network: input.text('network'),
      amount: input.text('amount'),
      reference: input.text('reference'),
    };
    const entry = rowOf(
      await admin.answer('intake-api', { method: 'POST', path, body, ifMissing: SEE_ACCOUNTS }),
    );
    return { json: entry, text: (style) => textOf(entry, style) };
  },
};

function textOf(entry: Row, style: Style): string {
  const pairs = [
    ['credited', `${cell(entry['amount'])} ${cell(entry['asset'])}`],
    ['account', cell(entry['account_id'])],
    ['entry', cell(entry['entry_id'])],
    ['reference', cell(entry['reference'])],
  ] as const;
  const again =
    entry['replayed'] === true
      ? `\n${style.doubtful('this reference had credited the account before: nothing was added')}`
      : '';
  return `${facts(pairs, style)}${again}`;
}
