import { writeFileSync } from 'node:fs';
import { brokenOnes, isBroken } from './judge/judge-all.js';
import { traceOf } from './judge/withdrawal-trace.js';
import { verdictLine } from './judge/verdict.js';
import type { Run } from './run.js';
import { describe } from './schedule/fault.js';
import type { RunContext } from './with-system.js';

const MOST_TRACES = 10;

/** What a run came to, for people and for `--json`. */
export interface Report {
  readonly title: string;
  readonly verdict: string;
  readonly holds: boolean;
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
    note(`… and ${broken.length - MOST_TRACES} more; --json FILE has them all`);
  for (const fault of judgement.faults) note(`✗ ${fault}`);
  const interventions = [...operator.interventions]
    .map(([intervention, times]) => `${times} ${intervention}`)
    .join(', ');
  note(`the person on duty: ${interventions}`);
  if (system.endings.length > 0)
    note(
      `processes that ended by themselves: ${system.endings.map(({ process, how }) => `${process} (${how})`).join(', ')}`,
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
    skipped: skippedOf(injected, system.whyNoDisks),
    endings: system.endings,
    operator: { interventions: Object.fromEntries(operator.interventions), diary: operator.diary },
    relays: Object.fromEntries(
      [...system.venueRelays].map(([venue, relay]) => [venue, Object.fromEntries(relay.injected)]),
    ),
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
  return { title, verdict, holds: !isBroken(judgement), json };
}

function skippedOf(injected: Run['injected'], whyNoDisks: string | undefined): readonly string[] {
  return whyNoDisks !== undefined && injected.some(({ fault }) => fault.group === 'disk')
    ? [`disk: ${whyNoDisks}`]
    : [];
}

export function writeJson(file: string | undefined, value: unknown): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}
