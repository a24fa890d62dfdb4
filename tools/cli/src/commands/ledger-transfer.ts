import type { TransferDto } from '@sluice/admin-api';
import { isAwaited } from '@sluice/admin-client';
import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import { awaitedText } from '../awaited-text.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import type { Style } from '../render/style.js';
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
      help: 'reference of the transfer; a repeat returns the first entry',
      required: true,
    },
    {
      name: 'evidence',
      value: 'TEXT',
      help: 'what shows it, e.g. a transaction hash or a line of a statement; kept for good',
    },
  ],
  notes: ['A large amount counts when a second person approves it: sluice approve.'],
  example:
    'ledger transfer --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --from clearing:gateio --to clearing:bybit --currency USDT --network ETH --amount 500 --reference rebalance-7 --evidence "ticket 8814: clearing after the incident"',
  run: async (input, { services }) => {
    const evidence = input.optional('evidence');
    const account = input.text('account');
    const transfer = {
      from: named(input.text('from'), account),
      to: named(input.text('to'), account),
      asset: `${input.text('currency')}.${input.text('network')}`,
      amount: input.text('amount'),
      reference: input.text('reference'),
      ...(evidence !== undefined && { evidence }),
    };
    const moved = await orWhenMissing(services.ledger.transfer(account, transfer), SEE_ACCOUNTS);
    return {
      json: moved,
      text: (style) => (isAwaited(moved) ? awaitedText(moved, 'ledger') : textOf(moved, style)),
    };
  },
};

function textOf(moved: TransferDto, style: Style): string {
  const pairs = [
    ['moved', `${cell(moved.amount)} ${cell(moved.asset)}`],
    ['from', cell(moved.from)],
    ['to', cell(moved.to)],
    ['entry', cell(moved.entry_id)],
    ['reference', cell(moved.reference)],
  ] as const;
  return facts(pairs, style);
}

function named(side: string, account: string): string {
  return side === 'customer' ? `customer:${account}` : side;
}
