import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SIMULATED_SERVICES, type ServiceName, positive } from '@sluice/stack';
import { SetupError } from '@sluice/test-servers';

export interface RollOptions {
  readonly help: boolean;
  /** Git ref of the old services of an upgrade. */
  readonly from?: string;
  readonly perSecond: number;
  readonly quietMs: number;
  /** Duration of the mixed state in an upgrade: half old version, half new version. */
  readonly mixedMs: number;
  readonly seed: number;
  /** Services to roll; the others stay unchanged. */
  readonly services: readonly ServiceName[];
  readonly json?: string;
  readonly keep: boolean;
}

export const ROLL_USAGE = `usage: npm run roll -- [--rate R] [--quiet S] [--seed N] [--json FILE] [--keep]
       npm run upgrade -- [--from REF] [--mixed S] [as above]
roll      restarts two instances of each service one after another under load
upgrade   upgrades from the services of REF to this version and back under load, in an order drawn from the seed;
          without REF from this version to the same with a further migration, and back

  --from REF     a tag, branch or commit, such as the last release
  --rate R       withdrawals per second (default 100)
  --quiet S      seconds of load without restarts, for comparison (default 60)
  --mixed S      seconds with instances of both versions (default 20)
  --services LIST  services to restart (default all)
  --seed N       seed of the load and of the order (default: a new seed)
  --json FILE    writes the report to FILE
  --keep         keeps the data folder with the logs, and prints its path`;

/** Reads the command line. Throws a readable error for invalid arguments. */
export function readRollOptions(args: readonly string[], drawSeed: () => number): RollOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      from: { type: 'string' },
      rate: { type: 'string', default: '100' },
      quiet: { type: 'string', default: '60' },
      mixed: { type: 'string', default: '20' },
      services: { type: 'string', default: SIMULATED_SERVICES.join(',') },
      seed: { type: 'string' },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    ...(values.from !== undefined && { from: values.from }),
    perSecond: positive('--rate', values.rate),
    quietMs: positive('--quiet', values.quiet) * 1_000,
    mixedMs: positive('--mixed', values.mixed) * 1_000,
    seed: values.seed === undefined ? drawSeed() : positive('--seed', values.seed),
    services: named(values.services),
    ...(values.json !== undefined && { json: resolve(values.json) }),
    keep: values.keep,
  };
}

function named(text: string): readonly ServiceName[] {
  return text.split(',').map((word) => {
    const service = SIMULATED_SERVICES.find((name) => name === word.trim());
    if (service !== undefined) return service;
    throw new SetupError(`--services knows no ${word}; there are ${SIMULATED_SERVICES.join(', ')}`);
  });
}
