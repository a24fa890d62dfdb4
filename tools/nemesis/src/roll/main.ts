import { randomInt } from 'node:crypto';
import { endWithFailure, listenForStop, randomOf } from '@sluice/stack';
import { workspaceRoot } from '@sluice/test-servers';
import { writeJson } from '../run/report.js';
import { oneByOne, underLoad } from './roll.js';
import { readRollOptions, ROLL_USAGE, type RollOptions } from './roll-options.js';
import { rollReport, type RollReport } from './roll-report.js';
import { thereAndBack } from './upgrade.js';
import { withVersions } from './versions.js';
import { withLoad, type RollSetup } from './with-load.js';

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
    `seed ${seed}: ${perSecond} withdrawals per second; starting two instances of each service …`,
  );
  return withLoad({ ...hooks, code, keep, random: randomOf(seed) }, async (context) =>
    rollReport(context, await underLoad(context, options, oneByOne(services, code))),
  );
}

function upgrade(options: RollOptions, hooks: Hooks): Promise<RollReport> {
  const { seed, keep, perSecond, services, mixedMs } = options;
  if (options.from !== undefined) say(`building ${options.from} …`);
  return withVersions(options.from, ({ from, to, inWords }) => {
    say(
      `seed ${seed}: ${inWords} at ${perSecond} withdrawals per second; starting two instances of each service …`,
    );
    const random = randomOf(seed);
    return withLoad({ ...hooks, code: from, keep, random }, async (context) => {
      const steps = thereAndBack(context.system, { from, to, services, mixedMs, random, say });
      return rollReport(context, await underLoad(context, options, steps));
    });
  });
}

try {
  const [mode, ...args] = process.argv.slice(2);
  process.exit(await main(mode, args));
} catch (error) {
  // stopped on request, after cleanup
  if (error instanceof Error && error.name === 'AbortError') process.exit(130);
  endWithFailure(error, ROLL_USAGE);
}
