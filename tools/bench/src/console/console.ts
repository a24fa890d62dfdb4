import { SIMULATED_NAMES, type System } from '@sluice/stack';
import { SetupError } from '@sluice/test-servers';
import type { Load } from '../load/load.js';
import type { Verdict } from '../soak/verdicts.js';
import { withBenchSystem, type BenchOptions } from '../system/bench-system.js';
import { measureCost } from './cost.js';
import { measureFirst } from './first.js';
import { measureIdle } from './idle.js';
import { measureList } from './list.js';
import { measureLive } from './live.js';
import { LoggedIn } from './logged-in.js';

interface PartPlan {
  readonly options: BenchOptions;
  readonly system: System;
  readonly load: Load;
  readonly browser: LoggedIn;
}

/** Report of a part, with its verdicts. */
interface PartReport {
  readonly verdicts: readonly Verdict[];
}

/** Parts that share a system, in the order of their measurement: the quiet ones first. */
const SHARED: Readonly<Record<string, (plan: PartPlan) => Promise<PartReport>>> = {
  idle: ({ options, ...plan }) => measureIdle({ ...options, ...plan }),
  first: ({ options, browser }) => measureFirst(browser, options.say),
  cost: ({ options, ...plan }) => measureCost({ ...options, ...plan }),
  live: ({ options, ...plan }) => measureLive({ ...options, ...plan }),
};
/** Part with a system of its own, because of its million rows. */
const LIST = 'list';
const PARTS = [...Object.keys(SHARED), LIST];

/** Measures the operators' page in a real browser. Default: all parts. */
export async function benchConsole(options: BenchOptions): Promise<object> {
  const { say, parts: wanted = [] } = options;
  const unknown = wanted.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0)
    throw new SetupError(`unknown part ${unknown.join(', ')}; known: ${PARTS.join(', ')}`);
  const parts = wanted.length === 0 ? PARTS : PARTS.filter((part) => wanted.includes(part));
  const reports: Record<string, PartReport> = {};
  const shared = Object.entries(SHARED).filter(([part]) => parts.includes(part));
  if (shared.length > 0)
    await withConsole(options, async (plan) => {
      for (const [part, measure] of shared) reports[part] = await measure(plan);
    });
  if (parts.includes(LIST)) reports[LIST] = await measureList(options);
  const verdicts = Object.values(reports).flatMap((report) => report.verdicts);
  say('');
  for (const { what, ok, says } of verdicts)
    say(`${ok ? 'ok  ' : 'MISS'} ${what.padEnd(38)} ${says}`);
  return reports;
}

function withConsole(
  options: BenchOptions,
  work: (plan: PartPlan) => Promise<void>,
): Promise<void> {
  const measure = async (system: System, load: Load): Promise<void> => {
    const browser = await LoggedIn.open(system);
    await work({ options, system, load, browser }).finally(() => browser.close());
  };
  return withBenchSystem(options, measure, { venues: SIMULATED_NAMES, console: true });
}
