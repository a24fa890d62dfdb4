import { writeFileSync } from 'node:fs';
import { brokenOnes, isBroken } from '../judge/judge-all.js';
import { strikeLines, strikesOf, traceOf } from '../judge/withdrawal-trace.js';
import { verdictLine } from '@sluice/stack';
import type { Run } from './run.js';
import { describe, type Fault } from '../schedule/fault.js';
import type { SystemUnderTest } from '../system/system-under-test.js';
import type { RunContext } from './with-system.js';

const MOST_TRACES = 10;

/** Result of a run, for people and for `--json`. */
export interface Report {
  readonly title: string;
  readonly verdict: string;
  readonly holds: boolean;
  /**
   * Number of withdrawals paid twice, lost or reported wrongly, plus other faults. Waiting
   * withdrawals do not count.
   */
  readonly wrongs: number;
  readonly json: object;
}

/** Prints a trace of each broken withdrawal. The traces come from the admin APIs, so the system must still be up. */
export async function reportOf(
  title: string,
  { judgement, injected, quietMs }: Run,
  context: RunContext,
  repeat: string,
): Promise<Report> {
  const { note, operator, system } = context;
  const broken = brokenOnes(judgement);
  const traces = [];
  for (const one of broken.slice(0, MOST_TRACES))
    traces.push(await traceOf(one, context.admin, injected, repeat));
  for (const trace of traces) for (const line of trace) note(line);
  if (broken.length > MOST_TRACES)
    note(`… and ${broken.length - MOST_TRACES} more; --json FILE writes all`);
  for (const fault of judgement.faults) note(`✗ ${fault}`);
  const interventions = [...operator.interventions]
    .map(([intervention, times]) => `${times} ${intervention}`)
    .join(', ');
  note(`simulated operator: ${interventions}`);
  if (injected.length > 0) note('faults and their effects:');
  for (const line of strikeLines(injected)) note(line);
  const failedOver = await failedOverOf(context);
  note(
    `fail-over: ${failedOver} orders went to another venue after a refusal; webhooks: ${judgement.untold} ends were not reported`,
  );
  if (system.endings.length > 0)
    note(
      `processes that ended unexpectedly: ${system.endings.map(({ process, how }) => `${process} (${how})`).join(', ')}`,
    );
  const verdict = verdictLine(judgement.counts);
  const json = {
    title,
    verdict,
    holds: !isBroken(judgement),
    counts: judgement.counts,
    faults: judgement.faults,
    quiet_seconds: Math.round(quietMs / 1_000),
    schedule: injected.map((one) => ({ ...one, description: describe(one.fault) })),
    skipped: skippedOf(injected, system),
    endings: system.endings,
    operator: { interventions: Object.fromEntries(operator.interventions), diary: operator.diary },
    struck: strikesOf(injected),
    failed_over: failedOver,
    untold: judgement.untold,
    traces,
    withdrawals: judgement.cases.map(({ asked, paid, booked, named, kind, why }) => ({
      ...asked,
      paid,
      booked,
      named,
      kind,
      why,
    })),
  };
  const { twice, lost, wrong } = judgement.counts;
  const wrongs = twice + lost + wrong + judgement.faults.length;
  return { title, verdict, holds: !isBroken(judgement), wrongs, json };
}

/** Number of orders refused by a venue and given to another venue. */
async function failedOverOf({ system }: RunContext): Promise<number> {
  const [row] = await system.databases.rows<{ count: string }>(
    'intake-api',
    `SELECT count(*)::text AS count FROM withdrawal WHERE tried <> '{}'`,
  );
  return Number(row?.count ?? 0);
}

function skippedOf(
  injected: Run['injected'],
  { whyNoDisks, machineClock }: SystemUnderTest,
): readonly string[] {
  const has = (is: (fault: Fault) => boolean): boolean => injected.some(({ fault }) => is(fault));
  return [
    ...(whyNoDisks !== undefined && has(({ group }) => group === 'disk')
      ? [`disk: ${whyNoDisks}`]
      : []),
    ...(machineClock === undefined &&
    has((fault) => fault.group === 'clock' && fault.process === 'all')
      ? ['clock of the machine: no C compiler is installed']
      : []),
  ];
}

export function writeJson(file: string | undefined, value: unknown): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}
