import { ok, refuse, type Result } from '@sluice/result';
import { awaitsOf } from '../awaits.js';
import { CliError } from '../cli-error.js';
import type { Answer, Command } from '../command.js';
import type { AdminClient, AdminFailure } from '../admin-client.js';
import { connectorOf, findWithdrawal, WITHDRAWAL_ID } from '../find-withdrawal.js';
import { withdrawalReport } from '../render/withdrawal-report.js';
import { rowOf, rowsOf, textIn, type Row } from '../row.js';

export const withdrawalShow: Command = {
  name: 'withdrawal show',
  summary:
    'all about one withdrawal: history, what is awaited, journal entries, submission and attempts',
  operands: [WITHDRAWAL_ID],
  options: [],
  notes: [
    'A ledger or connector that cannot be asked is named in "unavailable"; the rest is shown, with exit code 2.',
  ],
  example: 'withdrawal show 17',
  run: async (input, { admin }) => show(admin, await findWithdrawal(admin, input.operand('ID'))),
};

async function show(admin: AdminClient, withdrawal: Row): Promise<Answer> {
  const id = encodeURIComponent(textIn(withdrawal, 'id'));
  const [entries, submission, ...earlier] = await Promise.all([
    admin.ask('ledger', { path: `/internal/withdrawals/${id}/entries` }),
    askConnector(admin, withdrawal, id),
    ...triedIn(withdrawal).map((venue) => askConnector(admin, { venue }, id)),
  ]);
  const unavailable = [
    ...(entries.ok ? [] : [entries.refusal.message]),
    ...[submission, ...earlier].flatMap((asked) => (asked.ok ? [] : [asked.refusal])),
  ];
  const detail = {
    ...withdrawal,
    awaits: awaitsOf(withdrawal, submission.ok ? submission.value : undefined),
    entries: entries.ok ? rowsOf(entries.value) : null,
    submission: submission.ok ? submission.value : null,
    ...(earlier.length > 0 && {
      earlier: triedIn(withdrawal).map((venue, index) => ({
        venue,
        submission: earlier[index]?.ok ? earlier[index].value : null,
      })),
    }),
    ...(unavailable.length > 0 && { unavailable }),
  };
  return {
    json: detail,
    text: (style) => withdrawalReport(detail, unavailable, style),
    exitCode: unavailable.length > 0 ? 2 : 0,
  };
}

/** Venues that had it before, each with proof that nothing moved there. */
function triedIn({ tried }: Row): readonly string[] {
  return Array.isArray(tried) ? tried.filter((venue) => typeof venue === 'string') : [];
}

/** Null for a withdrawal that never got as far as a venue. */
async function askConnector(
  admin: AdminClient,
  withdrawal: Row,
  id: string,
): Promise<Result<Row | null, string>> {
  if (typeof withdrawal['venue'] !== 'string') return ok(null);
  try {
    const asked = await admin.ask(connectorOf(admin, withdrawal), {
      path: `/internal/submissions/${id}`,
    });
    if (asked.ok) return ok(rowOf(asked.value));
    return isMissing(asked.refusal) ? ok(null) : refuse(asked.refusal.message);
  } catch (error) {
    if (error instanceof CliError) return refuse(error.message);
    throw error;
  }
}

function isMissing(fault: AdminFailure): boolean {
  return fault.kind === 'refused' && fault.status === 404;
}
