import { judgeAll, type Judgement } from '../judge/judge-all.js';
import { pause, count } from '@sluice/stack';
import { reportOf, type Report } from '../run/report.js';
import { untilQuiet } from '../run/run.js';
import type { RunContext } from '../run/with-system.js';
import type { ScenarioName } from './names.js';
import { SCENARIOS } from './scenarios.js';

const LOOK_MS = 2_000;

/**
 * Runs the scenarios one after the other on the same system. Each scenario is judged by the
 * withdrawals of the scenario, not by earlier open withdrawals. `untilTwice` ends a scenario at the
 * first double payment: later events cannot change the verdict.
 */
export async function runScenarios(
  context: RunContext,
  names: readonly ScenarioName[],
  untilTwice = false,
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const reported = new Set<string>();
  for (const name of names) {
    const before = new Set(context.load.all().map(({ order }) => order.reference));
    context.note(`\n${name}: ${SCENARIOS[name].about}`);
    const over = new AbortController();
    const limited = { ...context, ended: AbortSignal.any([context.ended, over.signal]) };
    const watching = untilTwice ? abortAtDoublePayment(limited, over) : Promise.resolve();
    let quietMs: number;
    try {
      await SCENARIOS[name].run(limited);
      context.ended.throwIfAborted();
      quietMs = await untilQuiet(limited, 200_000, before);
    } finally {
      over.abort();
      await watching;
    }
    context.ended.throwIfAborted();
    const judgement = only(
      await judgeAll(context.system, context.admin, context.load),
      before,
      reported,
    );
    const report = await reportOf(
      name,
      { judgement, injected: [], quietMs },
      context,
      `npm run nemesis -- --scenario ${name}`,
    );
    context.note(`${report.holds ? '✓' : '✗'} ${name}: ${report.verdict}`);
    reports.push(report);
  }
  return reports;
}

/** A service may be down while a scenario runs: the next look asks again. */
async function abortAtDoublePayment(
  { system, admin, load, ended, note }: RunContext,
  over: AbortController,
): Promise<void> {
  while (!ended.aborted) {
    await pause(LOOK_MS, ended);
    const twice = await judgeAll(system, admin, load).then(
      ({ counts }) => counts.twice,
      () => 0,
    );
    if (twice === 0) continue;
    note(`  ${twice} paid twice: the scenario ends`);
    over.abort();
  }
}

/** Reports a fault of an earlier scenario only once. */
function only(judgement: Judgement, before: ReadonlySet<string>, reported: Set<string>): Judgement {
  const cases = judgement.cases.filter(({ asked }) => !before.has(asked.order.reference));
  const faults = judgement.faults.filter((fault) => !reported.has(fault));
  for (const fault of faults) reported.add(fault);
  return { cases, faults, counts: count(cases), untold: judgement.untold };
}
