import { randomInt } from 'node:crypto';
import { endWithFailure, listenForStop } from '@sluice/stack';
import { workspaceRoot } from '@sluice/test-servers';
import { randomOf } from '../system/random.js';
import { writeJson } from '../run/report.js';
import { buildPrevious, lastReleaseRef, removePrevious } from './previous-version.js';
import { oneByOne, underLoad } from './roll.js';
import { readRollOptions, ROLL_USAGE, type RollOptions } from './roll-options.js';
import { rollReport, type RollReport } from './roll-report.js';
import { thereAndBack } from './upgrade.js';
import { withLoad, type RollSetup } from './with-load.js';

/** 0.3.0 signs no events: during an upgrade and its reversal, webhooks accepts such events. */
const UNSIGNED_MS = 24 * 3_600_000;

const say = (line: string): void => console.log(line);

type Hooks = Pick<RollSetup, 'say' | 'ended' | 'onUp'>;

async function main(mode: string | undefined, args: readonly string[]): Promise<number> {
  const options = readRollOptions(args, () => randomInt(1, 1_000_000));
  if (options.help) {
    say(ROLL_USAGE);
    return 0;
  }
  const stop = listenForStop();
  const ended = new AbortController();
  void stop.asked.then((why) => {
    say(`\nstopping (${why}) …`);
    ended.abort();
  });
  const hooks = { say, ended: ended.signal, onUp: () => stop.orderly() };
  const report = await (mode === 'upgrade' ? upgrade(options, hooks) : roll(options, hooks));
  writeJson(options.json, report.json);
  say(`${report.holds ? '✓' : '✗'} ${mode} (seed ${options.seed}): ${report.verdict}`);
  return report.holds ? 0 : 1;
}

function roll(options: RollOptions, hooks: Hooks): Promise<RollReport> {
  const { seed, keep, perSecond, services } = options;
  const code = workspaceRoot();
  say(
    `seed ${seed}: ${perSecond}  withdrawals per second; starting two instances of each service …`,
  );
  return withLoad({ ...hooks, code, keep, random: randomOf(seed) }, async (context) =>
    rollReport(context, await underLoad(context, options, oneByOne(services, code))),
  );
}

async function upgrade(options: RollOptions, hooks: Hooks): Promise<RollReport> {
  const { seed, keep, perSecond, services, mixedMs } = options;
  const from = options.from ?? lastReleaseRef();
  say(`building ${from} …`);
  const { folder, commit } = buildPrevious(from);
  try {
    say(
      `seed ${seed}: from ${from} (${commit.slice(0, 12)}) at ${perSecond}  withdrawals per second; starting two instances of each of its services …`,
    );
    const random = randomOf(seed);
    const settings = { EVENTS_UNSIGNED_UNTIL: timeIn(UNSIGNED_MS) };
    return await withLoad({ ...hooks, code: folder, keep, random, settings }, async (context) => {
      const steps = thereAndBack(context.system, {
        from: folder,
        to: workspaceRoot(),
        services,
        mixedMs,
        random,
        say,
      });
      return rollReport(context, await underLoad(context, options, steps));
    });
  } finally {
    removePrevious(folder);
  }
}

/** Returns the time after `ms` in UTC, in whole seconds. */
function timeIn(ms: number): string {
  return `${new Date(Date.now() + ms).toISOString().slice(0, 19)}Z`;
}

try {
  const [mode, ...args] = process.argv.slice(2);
  process.exit(await main(mode, args));
} catch (error) {
  // stopped on request, after cleanup
  if (error instanceof Error && error.name === 'AbortError') process.exit(130);
  endWithFailure(error, ROLL_USAGE);
}
