import { rowsIn, type Row } from '../row.js';
import { cell } from './cell.js';
import { count, exactlyWhen, plain, state, when } from './columns.js';
import { POSTINGS, postingsOf } from './entries.js';
import { paintState, type Style } from './style.js';
import { facts, table, type Column } from './table.js';
import { time } from './time.js';

const HISTORY: readonly Column[] = [
  count('sequence', '#'),
  exactlyWhen('at', 'at'),
  plain('from'),
  state('to'),
  plain('trigger'),
  plain('detail'),
];

const ROUTING: readonly Column[] = [
  count('sequence', '#'),
  exactlyWhen('at', 'at'),
  plain('after'),
  {
    title: 'venue',
    of: ({ venue, named }) =>
      named === true ? `${cell(venue)} (named by the request)` : (venue ?? 'none is left'),
  },
  {
    title: 'not taken',
    of: (row) =>
      rowsIn(row, 'passed').map(({ venue, because }) => `${cell(venue)}: ${cell(because)}`),
  },
];

const ATTEMPTS: readonly Column[] = [
  count('number', '#'),
  state('state'),
  exactlyWhen('intended_at', 'intended'),
  exactlyWhen('answered_at', 'answered'),
  count('response_status', 'HTTP'),
  plain('client_reference'),
  plain('cause'),
];

/** intake-api shows the fact that came late, a connector what it found. */
const CASES: readonly Column[] = [
  when('opened_at', 'opened'),
  { title: 'kind', of: ({ kind, trigger }) => kind ?? trigger },
  { title: 'text', of: ({ text, detail }) => text ?? detail },
];

const DECISIONS: readonly Column[] = [
  when('decided_at', 'decided'),
  count('attempt'),
  plain('decision'),
  plain('venue_reference'),
  plain('evidence'),
];

/** Everything known about one withdrawal, for people. Parts with nothing in them are left out. */
export function withdrawalReport(
  withdrawal: Row,
  unavailable: readonly string[],
  style: Style,
): string {
  const submission = submissionIn(withdrawal);
  const earlier = rowsIn(withdrawal, 'earlier').flatMap((row): [string, Row][] => {
    const one = submissionIn(row);
    return one ? [[cell(row['venue']), one]] : [];
  });
  const sections = [
    summary(withdrawal, style),
    section('history', HISTORY, rowsIn(withdrawal, 'history'), style),
    section('routing', ROUTING, rowsIn(withdrawal, 'routing'), style),
    withdrawal['entries'] === null
      ? ''
      : section(
          'journal entries',
          POSTINGS,
          postingsOf(rowsIn(withdrawal, 'entries')),
          style,
          'nothing was booked',
        ),
    ...earlier.flatMap(([venue, one]) =>
      submissionSections(`submission at ${venue}, which gave it back`, one, style),
    ),
    ...(submission ? submissionSections('submission', submission, style) : []),
    section(
      'cases',
      CASES,
      [withdrawal, ...earlier.map(([, one]) => one), ...(submission ? [submission] : [])].flatMap(
        casesIn,
      ),
      style,
    ),
    ...unavailable.map((fault) => style.bad(`not shown: ${fault}`)),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function casesIn(row: Row): readonly Row[] {
  return rowsIn(row, 'cases');
}

function submissionIn({ submission }: Row): Row | undefined {
  return typeof submission === 'object' && submission !== null ? (submission as Row) : undefined;
}

function summary(withdrawal: Row, style: Style): string {
  const asset = `${cell(withdrawal['currency'])}.${cell(withdrawal['network'])}`;
  const at = cell(withdrawal['state']);
  return facts(
    known([
      ['withdrawal', `${cell(withdrawal['number'])}  ${cell(withdrawal['id'])}`],
      [
        'state',
        `${paintState(at, style)(at)} (${cell(withdrawal['status'])}, ${cell(withdrawal['stage'])})`,
      ],
      ['awaits', cell(withdrawal['awaits'] ?? 'nothing')],
      ['amount', `${cell(withdrawal['amount'])} ${asset}, fee ${cell(withdrawal['fee'])}`],
      ['destination', cell(withdrawal['destination'])],
      ['account', cell(withdrawal['account_id'])],
      ['reference', cell(withdrawal['client_reference'])],
      ['venue', `${cell(withdrawal['venue'])}, there ${cell(withdrawal['venue_reference'])}`],
      ['tried before', cell(withdrawal['tried'])],
      ['transaction', cell(withdrawal['tx_hash'])],
      ['error', cell(withdrawal['error_message'])],
      ['requested', time(withdrawal['requested_at'])],
      ['expected', time(withdrawal['expected_at'])],
      ['confirmed', time(withdrawal['confirmed_at'])],
    ]),
    style,
  );
}

function submissionSections(title: string, submission: Row, style: Style): string[] {
  const at = cell(submission['state']);
  const lines = known([
    ['state', paintState(at, style)(at)],
    ['awaited', cell(submission['awaited'])],
    ['form', cell(submission['form'])],
    ['gross', cell(submission['gross'])],
    ['reason', cell(submission['reason'])],
    ['cancel', cell(submission['cancel_state'])],
    ['begins by', time(submission['not_after'])],
    ['next look', time(submission['next_action_at'])],
  ]);
  return [
    `${style.bold(title)}\n${facts(lines, style)}`,
    section(
      'attempts',
      ATTEMPTS,
      rowsIn(submission, 'attempts'),
      style,
      'nothing was sent to the venue yet',
    ),
    section('decisions', DECISIONS, rowsIn(submission, 'decisions'), style),
  ];
}

function section(
  title: string,
  columns: readonly Column[],
  rows: readonly Row[],
  style: Style,
  empty = '',
): string {
  if (rows.length === 0 && empty === '') return '';
  return `${style.bold(title)}\n${table(columns, rows, style, empty)}`;
}

function known(pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return pairs.filter(([, text]) => text !== '–');
}
