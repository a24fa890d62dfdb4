import { parseArgs } from 'node:util';
import { choice, readConfig, text, type Environment } from '@sluice/runtime';
import { SetupError } from '@sluice/test-servers';

/** Settings of the operator for the test machine. */
export const clusterConfig = (env: Environment = process.env) =>
  readConfig(env, {
    /** Path of the kubeconfig of an existing cluster; empty: start a cluster on this machine. */
    kubeconfig: text('KUBECONFIG', ''),
    /** Address of this machine for the pods of the existing cluster. */
    host: text('CLUSTER_HOST', ''),
    /**
     * Registry and folder of the images, with a trailing slash, for pulls by the existing cluster.
     */
    imagePrefix: text('IMAGE_PREFIX', ''),
    engine: choice('CONTAINER_ENGINE', ['podman', 'docker'], 'podman'),
    java: text('JAVA_HOME', ''),
  });

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
