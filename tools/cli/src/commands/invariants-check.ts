import type { InvariantReportDto, ViolationDto } from '@sluice/admin-api';
import { tried } from '../admin-faults.js';
import { CliError } from '../cli-error.js';
import type { Answer, Command, CommandContext } from '../command.js';
import { cell } from '../render/cell.js';
import { count, plain } from '../render/columns.js';
import type { Style } from '../render/style.js';
import { table, type Column } from '../render/table.js';
import type { Services } from '../services.js';

type Report = InvariantReportDto & { readonly service: string };
type Violation = ViolationDto & { readonly service: string };

const COLUMNS: readonly Column<Report>[] = [
  plain('service'),
  count('checked'),
  { title: 'violated', of: ({ violations }) => `${violations.length}`, align: 'right' },
  {
    title: 'rows looked at',
    of: ({ populations }) => Object.entries(populations).map(([kind, rows]) => `${kind} ${rows}`),
  },
];

export const invariantsCheck: Command = {
  name: 'invariants check',
  summary: 'has every service check its invariants',
  operands: [],
  options: [],
  notes: [
    'Exit code 1 when an invariant is violated, 2 when a service does not answer: then nothing is proven.',
  ],
  example: 'invariants check',
  run: async (_input, context) => check(context),
};

async function check({ run, services }: CommandContext): Promise<Answer> {
  const asked = await Promise.all(
    services.names().map((service) => tried(run, () => reportOf(services, service))),
  );
  const reports = asked.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const faults = asked.flatMap((answer) => (answer.ok ? [] : [answer.refusal]));
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

/**
 * Throws for a report without the number of checks: a missing number must not pass as a clean
 * result.
 */
async function reportOf(services: Services, service: string): Promise<Report> {
  const report = await services.service(service).invariants();
  if (typeof report.checked !== 'number')
    throw new CliError(
      `${service} did not report the number of checked invariants: its version may differ from this command`,
      2,
    );
  return { service, ...report };
}

/**
 * Returns an error including the findings of the other services, although a service could not be
 * queried.
 */
function incomplete(
  faults: readonly string[],
  found: { readonly checked: number; readonly violations: readonly Violation[] },
): CliError {
  const others =
    found.violations.length > 0 ? `; the others report ${found.violations.length} violated` : '';
  return new CliError(`${faults.join('; ')}${others}`, 2, found);
}

function textOf(
  reports: readonly Report[],
  violations: readonly Violation[],
  style: Style,
): string {
  const verdict =
    violations.length === 0
      ? style.good('every invariant holds')
      : style.bad(`${violations.length} violated`);
  return [
    table(COLUMNS, reports, style, 'no service has invariants'),
    '',
    ...violations.map((violation) => violationLines(violation, style)),
    verdict,
  ].join('\n');
}

function violationLines({ service, invariant, rows }: Violation, style: Style): string {
  const title = style.bad(`${service} ${cell(invariant)}`);
  return [title, ...rows.map((row) => `  ${cell(row)}`), ''].join('\n');
}
