import type { ReversalDto } from '@sluice/admin-api';
import { isAwaited } from '@sluice/admin-client';
import { awaitedText } from '../awaited-text.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import type { Style } from '../render/style.js';
import { facts } from '../render/table.js';

export const ledgerReverse: Command = {
  name: 'ledger reverse',
  summary: 'reverses a journal entry by a second entry; a repeat returns the first reversal',
  operands: [{ name: 'ID', help: 'of the entry' }],
  options: [{ name: 'reason', value: 'TEXT', help: 'why; kept for good', required: true }],
  notes: [
    'The entry stays, and so does the state of the hold behind it.',
    'A large amount counts when a second person approves it: sluice approve.',
  ],
  example:
    'ledger reverse 0192f3a4-2222-7000-8000-00000000000b --reason "ticket 8813: booked twice by the bank"',
  run: async (input, { services }) => {
    const id = input.operand('ID');
    const { account_id: account } = await services.ledger.entry(id);
    const reversal = await services.ledger.reverse(account, id, { reason: input.text('reason') });
    return {
      json: reversal,
      text: (style) =>
        isAwaited(reversal) ? awaitedText(reversal, 'ledger') : textOf(reversal, style),
    };
  },
};

function textOf(reversal: ReversalDto, style: Style): string {
  const pairs = [
    ['taken back', cell(reversal.reverses)],
    ['by entry', cell(reversal.entry_id)],
    ['account', cell(reversal.account_id)],
    ['reason', cell(reversal.reason)],
  ] as const;
  return facts(pairs, style);
}
