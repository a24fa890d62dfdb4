import { judgeAll, type Judgement } from '../judge/judge-all.js';
import { count } from '../judge/verdict.js';
import { reportOf, type Report } from '../report.js';
import { untilQuiet } from '../run.js';
import type { Cast } from '../stage-up.js';
import type { ScenarioName } from './names.js';
import { SCENARIOS } from './scenarios.js';

/** One after the other on one stage; each is judged by what it asked. What it left open is no matter of the next. */
export async function playScenarios(
  cast: Cast,
  names: readonly ScenarioName[],
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const told = new Set<string>();
  for (const name of names) {
    const before = new Set(cast.load.all().map(({ order }) => order.reference));
    cast.note(`\n${name}: ${SCENARIOS[name].about}`);
    await SCENARIOS[name].play(cast);
    cast.ended.throwIfAborted();
    const quietMs = await untilQuiet(cast, 200_000, before);
    cast.ended.throwIfAborted();
    const judgement = only(await judgeAll(cast.world, cast.doors, cast.load), before, told);
    const report = await reportOf(
      name,
      { judgement, played: [], quietMs },
      cast,
      `npm run nemesis -- --scenario ${name}`,
    );
    cast.note(`${report.holds ? '✓' : '✗'} ${name}: ${report.verdict}`);
    reports.push(report);
  }
  return reports;
}

/** What an earlier one has broken is told once. */
function only(judgement: Judgement, before: ReadonlySet<string>, told: Set<string>): Judgement {
  const cases = judgement.cases.filter(({ asked }) => !before.has(asked.order.reference));
  const faults = judgement.faults.filter((fault) => !told.has(fault));
  for (const fault of faults) told.add(fault);
  return { cases, faults, counts: count(cases) };
}
