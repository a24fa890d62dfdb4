import type { WithdrawalDto } from '@sluice/admin-api';
import { orNull, tried } from '../admin-faults.js';
import { awaitsOf } from '../awaits.js';
import type { Answer, Command, CommandContext } from '../command.js';
import { findWithdrawal, WITHDRAWAL_ID } from '../find-withdrawal.js';
import { withdrawalReport, type WithdrawalReport } from '../render/withdrawal-report.js';

export const withdrawalShow: Command = {
  name: 'withdrawal show',
  summary:
    'all about one withdrawal: history, what is awaited, journal entries, submission and attempts',
  operands: [WITHDRAWAL_ID],
  options: [],
  notes: [
    'A ledger or connector that does not answer is named in "unavailable"; the other data are shown, with exit code 2.',
  ],
  example: 'withdrawal show 17',
  run: async (input, context) =>
    show(context, await findWithdrawal(context.services, input.operand('ID'))),
};

async function show({ run, services }: CommandContext, withdrawal: WithdrawalDto): Promise<Answer> {
  const { id, venue, tried: before } = withdrawal;
  const submissionAt = (at: string) =>
    // null if the order never reached the venue
    tried(run, () => orNull(services.connector(at).submission(id)));
  const [entries, submission, ...earlier] = await Promise.all([
    tried(run, () => services.ledger.entriesOf(id)),
    submissionAt(venue),
    ...before.map(submissionAt),
  ]);
  const unavailable = [entries, submission, ...earlier].flatMap((asked) =>
    asked.ok ? [] : [asked.refusal],
  );
  const report: WithdrawalReport = {
    ...withdrawal,
    awaits: awaitsOf(withdrawal, submission.ok ? submission.value : undefined),
    entries: entries.ok ? entries.value : null,
    submission: submission.ok ? submission.value : null,
    ...(earlier.length > 0 && {
      earlier: before.map((at, index) => ({
        venue: at,
        submission: earlier[index]?.ok ? earlier[index].value : null,
      })),
    }),
    ...(unavailable.length > 0 && { unavailable }),
  };
  return {
    json: report,
    text: (style) => withdrawalReport(report, style),
    exitCode: unavailable.length > 0 ? 2 : 0,
  };
}
