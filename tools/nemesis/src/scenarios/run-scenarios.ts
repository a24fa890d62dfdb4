import { judgeAll, type Judgement } from '../judge/judge-all.js';
import { count } from '../judge/verdict.js';
import { reportOf, type Report } from '../run/report.js';
import { untilQuiet } from '../run/run.js';
import type { RunContext } from '../run/with-system.js';
import type { ScenarioName } from './names.js';
import { SCENARIOS } from './scenarios.js';

/**
 * Runs the scenarios one after the other on the same system. Each scenario is judged by the
 * withdrawals of the scenario, not by earlier open withdrawals.
 */
export async function runScenarios(
  context: RunContext,
  names: readonly ScenarioName[],
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const reported = new Set<string>();
  for (const name of names) {
    const before = new Set(context.load.all().map(({ order }) => order.reference));
    context.note(`\n${name}: ${SCENARIOS[name].about}`);
    await SCENARIOS[name].run(context);
    context.ended.throwIfAborted();
    const quietMs = await untilQuiet(context, 200_000, before);
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

/** Reports a fault of an earlier scenario only once. */
function only(judgement: Judgement, before: ReadonlySet<string>, reported: Set<string>): Judgement {
  const cases = judgement.cases.filter(({ asked }) => !before.has(asked.order.reference));
  const faults = judgement.faults.filter((fault) => !reported.has(fault));
  for (const fault of faults) reported.add(fault);
  return { cases, faults, counts: count(cases), untold: judgement.untold };
}
