import type { EntryDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { amount, plain } from '../render/columns.js';
import type { Style } from '../render/style.js';
import { facts, table } from '../render/table.js';
import { time } from '../render/time.js';

export const ledgerEntry: Command = {
  name: 'ledger entry',
  summary: 'shows a journal entry with its postings',
  operands: [{ name: 'ID', help: 'of the entry' }],
  options: [],
  example: 'ledger entry 0192f3a4-2222-7000-8000-00000000000b',
  run: async (input, { services }) => {
    const entry = await services.ledger.entry(input.operand('ID'));
    return { json: entry, text: (style) => textOf(entry, style) };
  },
};

function textOf(entry: EntryDto, style: Style): string {
  const pairs = [
    ['entry', cell(entry.entry_id)],
    ['kind', cell(entry.kind)],
    ['account', cell(entry.account_id)],
    ['withdrawal', cell(entry.withdrawal_id)],
    ['reference', cell(entry.reference)],
    ['takes back', cell(entry.reverses)],
    ['reason', cell(entry.reason)],
    ['effective', time(entry.effective_at)],
    ['recorded', time(entry.recorded_at)],
    ['ordered by', cell(entry.order?.ordered_by)],
    ['approved by', cell(entry.order?.approved_by)],
    ['evidence', cell(entry.order?.evidence)],
  ] as const;
  const known = pairs.filter(([, text]) => text !== '–');
  return `${facts(known, style)}\n\n${table([plain('account'), plain('asset'), amount('amount')], entry.postings, style, 'it posts nothing')}`;
}
