import type { EntryDto, SubmissionHistoryDto, WithdrawalDto } from '@sluice/admin-api';
import { cell } from './cell.js';
import { count, exactlyWhen, plain, state, when } from './columns.js';
import { POSTINGS, postingsOf } from './entries.js';
import { paintState, type Style } from './style.js';
import { facts, table, type Column } from './table.js';
import { time } from './time.js';

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

interface Case {
  readonly opened_at: string;
  readonly kind: string;
  readonly text: string | null;
}

const HISTORY: readonly Column<WithdrawalDto['history'][number]>[] = [
  count('sequence', '#'),
  exactlyWhen('at', 'at'),
  plain('from'),
  state('to'),
  plain('trigger'),
  plain('detail'),
];

const ROUTING: readonly Column<WithdrawalDto['routing'][number]>[] = [
  count('sequence', '#'),
  exactlyWhen('at', 'at'),
  plain('after'),
  {
    title: 'venue',
    of: ({ venue, named }) =>
      named ? `${cell(venue)} (named by the request)` : (venue ?? 'none is left'),
  },
  {
    title: 'not taken',
    of: ({ passed }) => passed.map(({ venue, because }) => `${venue}: ${because}`),
  },
];

const ATTEMPTS: readonly Column<SubmissionHistoryDto['attempts'][number]>[] = [
  count('number', '#'),
  state('state'),
  exactlyWhen('intended_at', 'intended'),
  exactlyWhen('answered_at', 'answered'),
  count('response_status', 'HTTP'),
  plain('client_reference'),
  plain('cause'),
];

const CASES: readonly Column<Case>[] = [when('opened_at', 'opened'), plain('kind'), plain('text')];

const DECISIONS: readonly Column<SubmissionHistoryDto['decisions'][number]>[] = [
  when('decided_at', 'decided'),
  count('attempt'),
  plain('decision'),
  plain('venue_reference'),
  plain('evidence'),
];

/** Formats all data about a withdrawal for people. Empty parts are left out. */
export function withdrawalReport(report: WithdrawalReport, style: Style): string {
  const { history, routing, entries, submission, earlier = [], unavailable = [] } = report;
  const sections = [
    summary(report, style),
    section('history', HISTORY, history, style),
    section('routing', ROUTING, routing, style),
    entries &&
      section('journal entries', POSTINGS, postingsOf(entries), style, 'nothing was booked'),
    ...earlier.flatMap(({ venue, submission: one }) =>
      submissionSections(`submission at ${venue}, which gave it back`, one, style),
    ),
    ...submissionSections('submission', submission, style),
    section('cases', CASES, casesOf(report), style),
    ...unavailable.map((fault) => style.bad(`not shown: ${fault}`)),
  ];
  return sections.filter((text) => text !== null && text !== '').join('\n\n');
}

/** Merges the cases: late facts from intake-api, and findings from connectors. */
function casesOf({ cases, earlier = [], submission }: WithdrawalReport): readonly Case[] {
  const submissions = [...earlier.map((one) => one.submission), submission];
  return [
    ...cases.map(({ opened_at, trigger, detail }) => ({ opened_at, kind: trigger, text: detail })),
    ...submissions.flatMap((one) => one?.cases ?? []),
  ];
}

function summary(withdrawal: WithdrawalDto, style: Style): string {
  const { state: at, currency, network } = withdrawal;
  return facts(
    known([
      ['withdrawal', `${cell(withdrawal.number)}  ${cell(withdrawal.id)}`],
      [
        'state',
        `${paintState(at, style)(cell(at))} (${cell(withdrawal.status)}, ${cell(withdrawal.stage)})`,
      ],
      ['awaits', cell(withdrawal.awaits ?? 'nothing')],
      [
        'amount',
        `${cell(withdrawal.amount)} ${cell(currency)}.${cell(network)}, fee ${cell(withdrawal.fee)}`,
      ],
      ['destination', cell(withdrawal.destination)],
      ['account', cell(withdrawal.account_id)],
      ['reference', cell(withdrawal.client_reference)],
      ['venue', `${cell(withdrawal.venue)}, there ${cell(withdrawal.venue_reference)}`],
      ['tried before', cell(withdrawal.tried)],
      ['transaction', cell(withdrawal.tx_hash)],
      ['error', cell(withdrawal.error_message)],
      ['requested', time(withdrawal.requested_at)],
      ['expected', time(withdrawal.expected_at)],
      ['confirmed', time(withdrawal.confirmed_at)],
      ['trace', cell(withdrawal.trace_id)],
    ]),
    style,
  );
}

function submissionSections(
  title: string,
  submission: SubmissionHistoryDto | null,
  style: Style,
): readonly string[] {
  if (submission === null) return [];
  const { state: at, attempts, decisions } = submission;
  const lines = known([
    ['state', paintState(at, style)(cell(at))],
    ['awaited', cell(submission.awaited)],
    ['form', cell(submission.form)],
    ['gross', cell(submission.gross)],
    ['reason', cell(submission.reason)],
    ['cancel', cell(submission.cancel_state)],
    ['begins by', time(submission.not_after)],
    ['next look', time(submission.next_action_at)],
  ]);
  return [
    `${style.bold(title)}\n${facts(lines, style)}`,
    section('attempts', ATTEMPTS, attempts, style, 'nothing was sent to the venue yet'),
    section('decisions', DECISIONS, decisions, style),
  ];
}

function section<T extends object>(
  title: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  style: Style,
  empty = '',
): string {
  if (rows.length === 0 && empty === '') return '';
  return `${style.bold(title)}\n${table(columns, rows, style, empty)}`;
}

function known(pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return pairs.filter(([, text]) => text !== '–');
}
