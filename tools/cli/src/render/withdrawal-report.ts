import type { EntryDto, SubmissionHistoryDto, WithdrawalDto } from '@sluice/http-api';
import { postingTable } from './postings.js';
import { type Style, cell } from './text.js';
import { facts, table } from './table.js';

/**
 * Data about a withdrawal from intake-api, the ledger and the connectors; null if not available or
 * not existing.
 */
export interface WithdrawalReport extends WithdrawalDto {
  readonly entries: readonly EntryDto[] | null;
  readonly submission: SubmissionHistoryDto | null;
  /** Submissions at earlier venues, returned by the venue. */
  readonly earlier?: readonly {
    readonly venue: string;
    readonly submission: SubmissionHistoryDto | null;
  }[];
  readonly unavailable?: readonly string[];
}

/** Formats all data about a withdrawal for people. Empty parts are left out. */
export function withdrawalReport(report: WithdrawalReport, style: Style): string {
  const { history, routing, entries, submission, earlier = [], unavailable = [] } = report;
  const section = (title: string, text: string) => text && `${style.bold(title)}\n${text}`;
  const routes = routing.map((route) => ({
    ...route,
    venue: route.named ? `${route.venue} (named by the request)` : (route.venue ?? 'none is left'),
    passed: route.passed.map(({ venue, because }) => `${venue}: ${because}`),
  }));
  const cases = [
    ...report.cases.map(({ opened_at, trigger: kind, detail: text }) => ({
      opened_at,
      kind,
      text,
    })),
    ...[...earlier.map((one) => one.submission), submission].flatMap((one) => one?.cases ?? []),
  ];
  const submissions = [
    ...earlier.map(
      (one) => [`submission at ${one.venue}, which gave it back`, one.submission] as const,
    ),
    ['submission', submission] as const,
  ];
  const sections = [
    summary(report, style),
    section(
      'history',
      table('sequence:right as #, at:ms, from, to:state, trigger, detail', history, style, ''),
    ),
    section(
      'routing',
      table('sequence:right as #, at:ms, after, venue, passed as not taken', routes, style, ''),
    ),
    entries && section('journal entries', postingTable(entries, style, 'nothing was booked')),
    ...submissions.flatMap(([title, one]) =>
      one === null
        ? []
        : [
            section(title, submissionFacts(one, style)),
            section(
              'attempts',
              table(
                'number:right as #, state:state, intended_at:ms as intended, answered_at:ms as answered, response_status:right as HTTP, client_reference, cause',
                one.attempts,
                style,
                'nothing was sent to the venue yet',
              ),
            ),
            section(
              'decisions',
              table(
                'decided_at as decided, attempt:right, decision, venue_reference, evidence',
                one.decisions,
                style,
                '',
              ),
            ),
          ],
    ),
    section('cases', table('opened_at as opened, kind, text', cases, style, '')),
    ...unavailable.map((fault) => style.bad(`not shown: ${fault}`)),
  ];
  return sections.filter((text) => text !== null && text !== '').join('\n\n');
}

function summary(withdrawal: WithdrawalReport, style: Style): string {
  const { number, id, state, status, stage, venue, venue_reference, awaits } = withdrawal;
  const { amount, currency, network, fee } = withdrawal;
  return facts(
    'withdrawal, state:state, awaits, amount, destination, account_id as account, client_reference as reference, venue, tried as tried before, tx_hash as transaction, error_message as error, requested_at as requested, expected_at as expected, confirmed_at as confirmed, trace_id as trace',
    {
      ...withdrawal,
      withdrawal: `${number}  ${id}`,
      state: `${state} (${status}, ${stage})`,
      awaits: awaits ?? 'nothing',
      amount: `${amount} ${currency}.${network}, fee ${fee}`,
      venue: `${venue}, there ${cell(venue_reference)}`,
    },
    style,
  );
}

function submissionFacts(submission: SubmissionHistoryDto, style: Style): string {
  return facts(
    'state:state, awaited, form, gross, reason, cancel_state as cancel, not_after:time as begins by, next_action_at as next look',
    submission,
    style,
  );
}
