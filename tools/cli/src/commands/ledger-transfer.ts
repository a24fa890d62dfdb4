import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { facts } from '../render/table.js';

export const ledgerTransfer: Command = {
  name: 'ledger transfer',
  summary: 'moves money between own accounts; one reference does so once',
  operands: [],
  options: [
    { ...ACCOUNT, help: 'id of the account whose business it is' },
    {
      name: 'from',
      value: 'X',
      help: 'debited: an account of the chart such as clearing:gateio, or "customer" for the account itself',
      required: true,
    },
    { name: 'to', value: 'Y', help: 'credited, likewise', required: true },
    { name: 'currency', value: 'C', help: 'e.g. USDT', required: true },
    { name: 'network', value: 'N', help: 'e.g. ETH', required: true },
    { name: 'amount', value: 'D', help: 'decimal, e.g. 1000 or 0.5', required: true },
    {
      name: 'reference',
      value: 'R',
      help: 'what it is for; asked again, it answers the first entry',
      required: true,
    },
  ],
  example:
    'ledger transfer --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --from clearing:gateio --to clearing:bybit --currency USDT --network ETH --amount 500 --reference rebalance-7',
  run: async (input, { services }) => {
    const account = input.text('account');
    const transfer = {
      from: named(input.text('from'), account),
      to: named(input.text('to'), account),
      asset: `${input.text('currency')}.${input.text('network')}`,
      amount: input.text('amount'),
      reference: input.text('reference'),
    };
    const moved = await orWhenMissing(services.ledger.transfer(account, transfer), SEE_ACCOUNTS);
    const pairs = [
      ['moved', `${cell(moved.amount)} ${cell(moved.asset)}`],
      ['from', cell(moved.from)],
      ['to', cell(moved.to)],
      ['entry', cell(moved.entry_id)],
      ['reference', cell(moved.reference)],
    ] as const;
    return { json: moved, text: (style) => facts(pairs, style) };
  },
};

function named(side: string, account: string): string {
  return side === 'customer' ? `customer:${account}` : side;
}
