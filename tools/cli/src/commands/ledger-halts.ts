import type { BookHaltDto } from '@sluice/admin-api';
import { isAwaited } from '@sluice/admin-client';
import { awaitedText } from '../awaited-text.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';

export const ledgerHalts: Command = {
  name: 'ledger halts',
  summary: 'when the ledger stopped itself because its book did not hold, newest first',
  operands: [],
  options: [],
  example: 'ledger halts',
  run: async (_input, { services }) => {
    const halts = await services.ledger.bookHalts();
    return {
      json: halts,
      text: () => (halts.length === 0 ? 'the book was never halted' : halts.map(line).join('\n')),
    };
  },
};

export const ledgerResume: Command = {
  name: 'ledger resume',
  summary: 'resumes the halted ledger; requires two people; kept permanently, with the evidence',
  operands: [],
  options: [
    { name: 'evidence', value: 'TEXT', help: 'what was found out; kept for good', required: true },
  ],
  notes: [
    'It counts when a second person approves it: sluice approve.',
    'The ledger halts again within a minute if the cause still exists.',
  ],
  example: 'ledger resume --evidence "ticket 8820: the row was put right, ledger prove agrees"',
  run: async (input, { services }) => {
    const lift = { evidence: input.text('evidence') };
    const halt = await services.ledger.liftBookHalt(lift);
    return {
      json: halt,
      text: () =>
        isAwaited(halt)
          ? awaitedText(halt, 'ledger')
          : `the ledger goes on; it was halted by: ${cell(halt.reason)}`,
    };
  },
};

function line({ reason, opened_at, lifted_at, lifted_by, lift_approved_by }: BookHaltDto): string {
  const end =
    lifted_at === null
      ? 'in force'
      : `lifted ${lifted_at} by ${cell(lifted_by)} and ${cell(lift_approved_by)}`;
  return `${opened_at}  ${end}  ${cell(reason)}`;
}
