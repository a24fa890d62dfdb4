import type { EntryDto, SubmissionHistoryDto, WithdrawalDto } from '@sluice/http-api';
import { type Style, cell } from './text.js';
import { facts, list, table } from './table.js';

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

const HISTORY = list('sequence:right as #, at:ms, from, to:state, trigger, detail', '');
const ROUTING = list('sequence:right as #, at:ms, after, venue, passed as not taken', '');
const ATTEMPTS = list(
  'number:right as #, state:state, intended_at:ms as intended, answered_at:ms as answered, response_status:right as HTTP, client_reference, cause',
  'nothing was sent to the venue yet',
);
const DECISIONS = list(
  'decided_at as decided, attempt:right, decision, amount, venue_reference, evidence',
  '',
);
const CASES = list('opened_at as opened, kind, text', '');

/** Formats all data about a withdrawal for people. Empty parts are left out. */
export function withdrawalReport(report: WithdrawalReport, style: Style): string {
  const { history, routing, entries, submission, earlier = [], unavailable = [] } = report;
  const section = (title: string, text: string) => text && `${style.bold(title)}\n${text}`;
  const routes = routing.map((route) => ({
    ...route,
    venue: route.named ? `${route.venue} (named by the request)` : (route.venue ?? 'none is left'),
    passed: route.passed.map(({ venue, because }) => `${venue}: ${because}`),
  }));
  const submissions = [
    ...earlier.map((one) => ({ ...one, title: `submission at ${one.venue}, which gave it back` })),
    { title: 'submission', submission },
  ].flatMap((one) => (one.submission === null ? [] : [{ ...one.submission, title: one.title }]));
  const cases = [
    ...report.cases.map(({ opened_at, trigger: kind, detail: text }) => {
      return { opened_at, kind, text };
    }),
    ...submissions.flatMap((one) => one.cases),
  ];
  const sections = [
    summary(report, style),
    section('history', HISTORY(history, style)),
    section('routing', ROUTING(routes, style)),
    entries && section('journal entries', postingTable(entries, style, 'nothing was booked')),
    ...submissions.flatMap((one) => [
      section(one.title, submissionFacts(one, style)),
      section('attempts', ATTEMPTS(one.attempts, style)),
      section('decisions', DECISIONS(one.decisions, style)),
    ]),
    section('cases', CASES(cases, style)),
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
    'state:state, awaited, form, gross, reason, cancel_state as cancel, not_after:time as begins by, next_action_at as next check',
    submission,
    style,
  );
}

/** A line per posting; the fields common to an entry appear only on the first line. */
export function postingTable(entries: readonly EntryDto[], style: Style, empty: string): string {
  const lines = entries.flatMap(({ recorded_at, kind, entry_id, postings }) =>
    postings.map((posting, index) => ({
      ...posting,
      ...(index === 0
        ? { recorded_at, kind, entry_id }
        : { recorded_at: ' ', kind: ' ', entry_id: ' ' }),
    })),
  );
  return table(
    'recorded_at as recorded, kind, account, asset, amount:right, entry_id as entry',
    lines,
    style,
    empty,
  );
}
