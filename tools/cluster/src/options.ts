import { parseArgs } from 'node:util';
import { SetupError } from '@sluice/test-servers';

export const USAGE = `usage: npm run cluster [-- --rate N] [--brief] [--random-user] [--keep]
  --rate N   withdrawals requested per second while services are rolled, killed and upgraded (default 2)
  --brief    rolls ledger, signer and connector-evm, kills one pod of every service at once, and skips the upgrade
  --random-user
             runs every pod with a random user id in group 0, as OpenShift does
  --keep     keeps logs and data in .sluice/cluster, also after success`;

export interface ClusterOptions {
  readonly help: boolean;
  readonly keep: boolean;
  readonly brief: boolean;
  readonly randomUser: boolean;
  readonly perSecond: number;
}

export function readOptions(args: readonly string[]): ClusterOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: '2' },
      brief: { type: 'boolean', default: false },
      'random-user': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const perSecond = Number(values.rate);
  if (!Number.isInteger(perSecond) || perSecond < 1 || perSecond > 100)
    throw new SetupError(`--rate must be a whole number from 1 to 100, not ${values.rate}`);
  const { help, keep, brief, 'random-user': randomUser } = values;
  return { help, keep, brief, randomUser, perSecond };
}
