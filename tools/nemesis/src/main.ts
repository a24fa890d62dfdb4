import { randomOf, runCommand, stopSignal } from '@sluice/stack';
import { randomInt } from 'node:crypto';
import { withoutRule } from './without-rule.js';
import { runClockTable } from './clock-table.js';
import { permitsUnder } from './judge/expected-findings.js';
import { readOptions, USAGE, type NemesisOptions } from './options.js';
import { reportOf, writeJson, type Report } from './run/report.js';
import { run } from './run/run.js';
import { publishPolicy } from './run/spending-policy.js';
import { drawSchedule } from './schedule/draw.js';
import { runScenarios } from './scenarios/run-scenarios.js';
import { describe, FAULT_GROUPS } from './schedule/fault.js';
import { LONGEST_QUIET_MS } from './system/settings.js';
import { withSystem, type RunOptions } from './run/with-system.js';

const say = (line: string): void => console.log(line);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), () => randomInt(1_000_000));
  if (options.help) {
    say(USAGE);
    return 0;
  }
  if (options.plan) return printPlan(options);
  const { ended, onUp } = stopSignal(say);
  const reports = await runMode(options, { say, ended, onUp });
  writeAll(options, reports);
  say('');
  for (const { title, verdict, holds } of reports) say(`${holds ? '✓' : '✗'} ${title}: ${verdict}`);
  return reports.every(({ holds }) => holds) ? 0 : 1;
}

type RunHooks = Pick<RunOptions, 'say' | 'ended' | 'onUp'>;

async function runMode(options: NemesisOptions, hooks: RunHooks): Promise<readonly Report[]> {
  const { scenarios, code, keep, seeds, without, untilTwice } = options;
  if (without.length > 0) return runWithout(options, hooks);
  const [seed = 0] = seeds;
  if (options.clockTable) {
    say('clock table; starting two instances of each service …');
    return [
      await withSystem({ random: randomOf(seed), code, keep, ...hooks, disks: false }, (context) =>
        runClockTable(context, options.only),
      ),
    ];
  }
  if (scenarios.length === 0) return runSeeds(options, hooks);
  say(`${scenarios.join(', ')}; starting two instances of each service …`);
  return withSystem(
    { random: randomOf(seed), code, keep, ...hooks, disks: false, wallet: true },
    (context) => runScenarios(context, scenarios, untilTwice),
  );
}

/** The exit code is 0 when each run has turned red. */
async function runWithout(options: NemesisOptions, hooks: RunHooks): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const name of options.without) {
    const report = await withoutRule(name, options, (changed) => runMode(changed, hooks), say);
    reports.push(report);
    writeAll(options, reports);
  }
  return reports;
}

async function runSeeds(options: NemesisOptions, hooks: RunHooks): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const seed of options.seeds) {
    const report = await runSeed(seed, options, hooks);
    reports.push(report);
    say(`${report.holds ? '✓' : '✗'} ${report.title}: ${report.verdict}`);
    // The reports of a long series are useful even if the series is stopped.
    writeAll(options, reports);
  }
  return reports;
}

async function runSeed(seed: number, options: NemesisOptions, hooks: RunHooks): Promise<Report> {
  const { minutes, perSecond, groups, quietMinutes, code, keep } = options;
  const random = randomOf(seed);
  const durationMs = minutes * 60_000;
  const schedule = drawSchedule(random.of('schedule'), { durationMs, groups: new Set(groups) });
  const permits = permitsUnder(schedule);
  say(
    `seed ${seed}: ${minutes} min at ${perSecond} withdrawals per second, ${schedule.length} faults, permits ${permits}; starting two instances of each service …`,
  );
  return withSystem(
    {
      random,
      code,
      keep,
      ...hooks,
      disks: groups.includes('disk'),
      wallet: true,
      system: () => ({ permits }),
    },
    async (context) => {
      await publishPolicy(context);
      say('started; sending requests and injecting faults');
      const quietMs = quietMinutes * 60_000;
      const result = await run(context, { schedule, durationMs, perSecond, quietMs });
      return reportOf(`seed ${seed}`, result, context, commandOf(seed, options));
    },
  );
}

function writeAll({ json }: NemesisOptions, reports: readonly Report[]): void {
  const all = reports.map((report) => report.json);
  writeJson(json, all.length === 1 ? all[0] : all);
}

function commandOf(
  seed: number,
  { minutes, quietMinutes, perSecond, groups }: NemesisOptions,
): string {
  const faults = groups.length === FAULT_GROUPS.length ? '' : ` --faults ${groups.join(',')}`;
  const quiet = quietMinutes * 60_000 === LONGEST_QUIET_MS ? '' : ` --quiet ${quietMinutes}`;
  return `npm run nemesis -- --seed ${seed} --minutes ${minutes} --rate ${perSecond}${quiet}${faults}`;
}

function printPlan({ seeds, minutes, groups }: NemesisOptions): number {
  const schedule = drawSchedule(randomOf(seeds[0] ?? 0).of('schedule'), {
    durationMs: minutes * 60_000,
    groups: new Set(groups),
  });
  for (const { atMs, number, fault } of schedule)
    say(`${(atMs / 1_000).toFixed(1).padStart(7)} s  #${number} ${describe(fault)}`);
  say(`permits ${permitsUnder(schedule)}`);
  return 0;
}

await runCommand(USAGE, main);
