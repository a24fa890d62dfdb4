import { ifThere } from '@sluice/admin-client';
import type { WithdrawalDto, WithdrawalRowDto } from '@sluice/http-api';
import { namedInStep } from '@sluice/kernel';
import { connectorOf } from '@sluice/messages';
import { tried } from '../calls/admin-faults.js';
import { ANY_NAME, findWithdrawal } from '../calls/find-withdrawal.js';
import type { Services } from '../calls/services.js';
import { awaitedText, command, type CommandContext } from '../language/command.js';
import { TWO_PEOPLE } from '../language/shared-help.js';
import { defined, word } from '../language/usage.js';
import { awaitsAuditor, awaitsOf, openFindings } from '../render/awaits.js';
import { page } from '../render/table.js';
import { cell } from '../render/text.js';
import { withdrawalReport, type WithdrawalReport } from '../render/withdrawal-report.js';

const ROWS = page(
  'number:right, requested_at as requested, currency.network as asset, amount:right, fee:right, venue, state:state, stage, client_reference as reference, error_message as error',
  'there is no withdrawal to show',
);

export const WITHDRAWALS = [
  command(
    'withdrawal list [--account A] [--state S]… [--venue V] [--currency C] [--network N] [--reference R] [--since UTC] [--before UTC] [--search TEXT] [--cursor C] [--limit 1..1000]',
    {
      help: `lists withdrawals, newest first
      --state: only in this state, e.g. uncertain
      --reference: client_reference of the withdrawal, e.g. order-17
      --since: requested then or later, e.g. 2026-11-20T08:00:00Z
      --before: requested before then, e.g. 2026-11-20T09:00:00Z
      --search: number, id, client reference or address without a memo; if none has it, transaction hash or the venue’s reference
      A page with a cursor may be shorter than the limit, because each page reads a bounded number of withdrawals.
      --json has the rows of the page.`,
      example: '--state uncertain --limit 20',
      call: ({ state, search, limit = 50, cursor, ...given }, { intake }) => {
        const states = state.map((at) => word<WithdrawalRowDto['state']>(at));
        return intake.withdrawals(
          defined({
            account_id: given.account,
            state: states.length === 0 ? undefined : states,
            venue: given.venue,
            currency: given.currency,
            network: given.network,
            client_reference: given.reference,
            requested_since: given.since,
            requested_before: given.before,
            q: search,
            cursor,
            limit,
          }),
        );
      },
      json: (answer) => answer.data,
      text: (answer, style) => ROWS(answer, style),
    },
  ),
  command('withdrawal show ID', {
    help: `shows a withdrawal: history, cause of waiting, journal entries, submission and attempts
      ID: ${ANY_NAME}
      A ledger or connector that does not answer is named in "unavailable"; the other data are shown, with exit code 2.`,
    call: async ({ ID }, services, context) => show(context, await findWithdrawal(services, ID)),
    text: (report, style) => withdrawalReport(report, style),
    exit: ({ unavailable }) => (unavailable === undefined ? 0 : 2),
  }),
  command(
    'withdrawal resolve ID --as paid|absent|returned --evidence TEXT [--venue-reference R] [--amount AMOUNT]',
    {
      help: `decides, with evidence, a withdrawal for which the venue’s records are not conclusive
      ID: ${ANY_NAME}
      --as: paid: the venue has it, and it is followed to its end; absent: it never got there, and the hold is released; returned: a completed payment came back, and the account is credited
      --venue-reference: the venue's own id of the payment; needed for paid
      --amount: with returned, the amount that came back; default: the whole payment
      The venue is queried first: a record for "paid" must exist and match, and "absent" is refused while the venue may still act on the request.
      ${TWO_PEOPLE}
      There is no way back: "absent" about a payment that was made loses its amount.`,
      call: async ({ ID, as: decision, evidence, venue_reference, amount }, services) => {
        const { id, number, venue } = await findWithdrawal(services, ID);
        const decided = await services
          .connector(venue)
          .decide(id, defined({ decision, evidence, venue_reference, amount }));
        return { venue, document: { withdrawal_id: id, number, ...decided } };
      },
      json: ({ document }) => document,
      text: ({ venue, document }, _style, { as: decision }) =>
        'approval_id' in document
          ? awaitedText(document, connectorOf(venue))
          : `withdrawal ${cell(document.number)} is decided as ${decision}; its submission is now ${cell(document.state)}. See: sluice withdrawal show ${cell(document.number)}`,
    },
  ),
];

async function show(
  { run, services }: CommandContext,
  withdrawal: WithdrawalDto,
): Promise<WithdrawalReport> {
  const { id, number, venue, tried: before } = withdrawal;
  const [entries, ...submissions] = await Promise.all([
    tried(run, () => services.ledger.entriesOf(id)),
    // null if the order never reached the venue
    ...[venue, ...before].map((at) =>
      tried(run, async () => (await ifThere(services.connector(at).submission(id))) ?? null),
    ),
  ]);
  const [submission] = submissions;
  const found = submissions.map((asked) => (asked.ok ? asked.value : null));
  const awaits = awaitsOf(withdrawal, submission?.ok ? submission.value : undefined);
  const holders = await tried(run, () => holdersOf(services, awaits));
  const unavailable = [entries, ...submissions, holders].flatMap((asked) =>
    asked.ok ? [] : [asked.refusal],
  );
  return {
    ...withdrawal,
    awaits:
      awaits && [namedInStep(awaits, `${number}`), ...(holders.ok ? holders.value : [])].join('; '),
    entries: entries.ok ? entries.value : null,
    submission: found[0] ?? null,
    ...(before.length > 0 && {
      earlier: before.map((at, index) => ({ venue: at, submission: found[index + 1] ?? null })),
    }),
    ...(unavailable.length > 0 && { unavailable }),
  };
}

/** Causes that only the auditor knows. */
async function holdersOf(services: Services, awaits: string | null): Promise<readonly string[]> {
  return awaitsAuditor(awaits) ? openFindings(await services.auditor.findings()) : [];
}
