import type {
  LostWithdrawalDto,
  LedgerDifferenceDto,
  LedgerDifferencesDto,
} from '@sluice/admin-api';
import { isAwaited } from '@sluice/admin-client';
import { awaitedText } from '../awaited-text.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';

export const ledgerDifferences: Command = {
  name: 'ledger differences',
  summary: 'what the ledger lacks of withdrawals, and the withdrawals that intake-api has lost',
  operands: [],
  options: [],
  notes: [
    'intake-api compares both every minute. Exit code 1 while something differs.',
    'It differs after the ledger’s database was put back alone: see docs/operations/backup-and-restore.md.',
  ],
  example: 'ledger differences',
  run: async (_input, { services }) => {
    const differences = await services.intake.ledgerDifferences();
    return {
      json: differences,
      text: () => textOf(differences),
      exitCode: differences.open + differences.lost_withdrawals.length === 0 ? 0 : 1,
    };
  },
};

export const ledgerRecover: Command = {
  name: 'ledger recover',
  summary: 'sends the ledger again the holds, captures, releases and fees that it has lost',
  operands: [],
  options: [
    {
      name: 'evidence',
      value: 'TEXT',
      help: 'what shows that the ledger was put back; kept for good',
      required: true,
    },
  ],
  notes: [
    'It sends exactly what "sluice ledger differences" shows, and works while the ledger is halted.',
    'It counts when a second person approves it: sluice approve.',
    'It may be repeated: what the ledger has is left as it is. Exit code 1 while something differs.',
  ],
  example: 'ledger recover --evidence "incident 31: the ledger was restored to 14:02"',
  run: async (input, { services }) => {
    const answer = await services.intake.recoverLedger({ evidence: input.text('evidence') });
    if (isAwaited(answer)) return { json: answer, text: () => awaitedText(answer, 'intake-api') };
    return { json: answer, text: () => textOf(answer), exitCode: answer.open === 0 ? 0 : 1 };
  },
};

function textOf(answer: LedgerDifferencesDto): string {
  const { open, resolved, is_sweeping: isSweeping, compared_at: comparedAt } = answer;
  return [
    ...answer.differences.map(line),
    ...answer.lost_withdrawals.map(lineOfLost),
    `${open} withdrawals differ, ${resolved} are settled; compared ${comparedAt ?? 'never'}`,
    ...(isSweeping ? ['all withdrawals are being compared: more may be found'] : []),
    ...(open > 0 ? [cell(answer.not_recovered)] : []),
  ].join('\n');
}

function lineOfLost({
  withdrawal_id: id,
  account_id: accountId,
  asset,
  amount,
  state,
  placed_at: at,
}: LostWithdrawalDto): string {
  return `lost ${cell(id)}  ${cell(amount)} ${cell(asset)} of account ${cell(accountId)} are ${cell(state)} since ${cell(at)}, and intake-api has no such withdrawal`;
}

function line({ number, kind, detail, answer }: LedgerDifferenceDto): string {
  const refused = answer === null ? '' : `; sent again, and refused: ${cell(answer)}`;
  return `withdrawal ${cell(number)}  ${cell(kind)}  ${cell(detail)}${refused}`;
}
