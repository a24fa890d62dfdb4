import { CliError } from '../cli-error.js';
import type { Answer, Command } from '../command.js';
import { errorOf, type AdminClient, type AdminFailure } from '../admin-client.js';
import { cell } from '../render/cell.js';
import type { Style } from '../render/style.js';
import { table, type Column } from '../render/table.js';
import { count, plain } from '../render/columns.js';
import { rowOf, rowsIn, type Row } from '../row.js';

/** Every check reads whole tables. */
const TIMEOUT_MS = 120_000;

interface Report {
  readonly service: string;
  readonly checked: number;
  readonly violations: readonly Row[];
  readonly populations: Row;
}

const COLUMNS: readonly Column[] = [
  plain('service'),
  count('checked'),
  {
    title: 'violated',
    of: ({ violations }) => (Array.isArray(violations) ? `${violations.length}` : ''),
    align: 'right',
  },
  {
    title: 'rows looked at',
    of: ({ populations }) =>
      Object.entries(rowOf(populations)).map(([kind, rows]) => `${kind} ${String(rows)}`),
  },
];

export const invariantsCheck: Command = {
  name: 'invariants check',
  summary: 'has every service check its invariants',
  operands: [],
  options: [],
  notes: [
    'Exit code 1 when one is violated, 2 when a service cannot be asked: then nothing is known to hold.',
  ],
  example: 'invariants check',
  run: async (_input, { admin }) => check(admin),
};

async function check(admin: AdminClient): Promise<Answer> {
  const asked = await Promise.all(
    admin.services().map(async (service) => ({
      service,
      answer: await admin.ask(service, { path: '/internal/invariants', timeoutMs: TIMEOUT_MS }),
    })),
  );
  const reports = asked.flatMap(({ service, answer }) =>
    answer.ok ? [reportOf(service, rowOf(answer.value))] : [],
  );
  const faults = asked.flatMap(({ answer }) => (answer.ok ? [] : [answer.refusal]));
  const json = {
    checked: reports.reduce((sum, { checked }) => sum + checked, 0),
    violations: reports.flatMap(({ service, violations }) =>
      violations.map((violation) => ({ service, ...violation })),
    ),
  };
  if (faults.length > 0) throw incomplete(faults, json);
  return {
    json,
    text: (style) => textOf(reports, json.violations, style),
    exitCode: json.violations.length > 0 ? 1 : 0,
  };
}

/** Throws for a report that names no number of checks: silence must not pass for a clean result. */
function reportOf(service: string, report: Row): Report {
  const { checked } = report;
  if (typeof checked !== 'number')
    throw new CliError(
      `${service} did not say how many invariants it checked: is it of another version than this command?`,
      2,
    );
  return {
    service,
    checked,
    violations: rowsIn(report, 'violations'),
    populations: rowOf(report['populations'] ?? {}),
  };
}

/** What the others found is not lost for the one that could not be asked. */
function incomplete(
  faults: readonly AdminFailure[],
  found: { checked: number; violations: readonly Row[] },
): CliError {
  const others =
    found.violations.length > 0 ? `; the others report ${found.violations.length} violated` : '';
  return new CliError(
    `${faults.map((fault) => errorOf(fault).message).join('; ')}${others}`,
    2,
    found,
  );
}

function textOf(reports: readonly Report[], violations: readonly Row[], style: Style): string {
  const verdict =
    violations.length === 0
      ? style.good('every invariant holds')
      : style.bad(`${violations.length} violated`);
  const rows = reports.map((report) => ({ ...report }));
  return [
    table(COLUMNS, rows, style, 'no service has invariants'),
    '',
    ...violations.map((violation) => violationLines(violation, style)),
    verdict,
  ].join('\n');
}

function violationLines(violation: Row, style: Style): string {
  const title = violation['title'] ? `: ${cell(violation['title'])}` : '';
  const rows = rowsIn(violation, 'rows').map((row) => `  ${cell(row)}`);
  return [
    style.bad(`${cell(violation['service'])} ${cell(violation['invariant'])}${title}`),
    ...rows,
    '',
  ].join('\n');
}
