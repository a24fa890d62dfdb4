import type { AccountFundingDto } from '@sluice/admin-api';
import { isAwaited } from '@sluice/admin-client';
import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import { awaitedText } from '../awaited-text.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import type { Style } from '../render/style.js';
import { facts } from '../render/table.js';

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
      help: 'reference of the incoming money; a repeat returns the first entry',
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
    'fund --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --currency USDT --network ETH --amount 1000 --reference deposit-77 --evidence "bank statement 2026-11-20, line 4"',
  run: async (input, { services }) => {
    const evidence = input.optional('evidence');
    const funding = {
      currency: input.text('currency'),
      network: input.text('network'),
      amount: input.text('amount'),
      reference: input.text('reference'),
      ...(evidence !== undefined && { evidence }),
    };
    const entry = await orWhenMissing(
      services.intake.fund(input.text('account'), funding),
      SEE_ACCOUNTS,
    );
    return {
      json: entry,
      text: (style) => (isAwaited(entry) ? awaitedText(entry, 'ledger') : textOf(entry, style)),
    };
  },
};

function textOf(entry: AccountFundingDto, style: Style): string {
  const pairs = [
    ['credited', `${cell(entry.amount)} ${cell(entry.asset)}`],
    ['account', cell(entry.account_id)],
    ['entry', cell(entry.entry_id)],
    ['reference', cell(entry.reference)],
  ] as const;
  return facts(pairs, style);
}
