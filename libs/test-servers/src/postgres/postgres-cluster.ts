import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, programOf } from '../process/process-identity.js';
import { SetupError } from '../machine/setup-error.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { PostgresIdentity } from './postgres-identity.js';

interface NewCluster {
  readonly dataDir: string;
  readonly password: string;
  /** False only for throw-away clusters of tests. */
  readonly sync: boolean;
}

/** Runs initdb once; a cluster left half-made by an interrupted initdb is made again. */
export function createCluster(
  cluster: NewCluster,
  binaries: PostgresBinaries,
  identity: PostgresIdentity,
): void {
  const complete = join(cluster.dataDir, 'sluice-cluster');
  if (existsSync(complete)) return;
  rmSync(cluster.dataDir, { recursive: true, force: true });
  mkdirSync(cluster.dataDir, { recursive: true, mode: 0o700 });
  identity.own(cluster.dataDir);

  const passwordFile = `${cluster.dataDir}.password`;
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  identity.own(passwordFile);
  try {
    const args = [
      '--pgdata',
      cluster.dataDir,
      '--username',
      'postgres',
      '--auth',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
    ];
    const look = ['--encoding', 'UTF8', '--locale', 'C', ...(cluster.sync ? [] : ['--no-sync'])];
    const { command, args: all, ...options } = identity.run(binaries.initdb, [...args, ...look]);
    const { status, stderr, error } = spawnSync(command, all, {
      ...options,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0)
      throw new SetupError(
        `initdb could not make a PostgreSQL cluster in ${cluster.dataDir}: ${error?.message ?? stderr.trim()}`,
      );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(complete, '');
}

/**
 * Writes the access rules, on each start: every client and standby needs a password, and TLS if
 * requested.
 */
export function writeAccessRules(
  dataDir: string,
  connection: 'host' | 'hostssl',
  addresses: readonly string[],
  identity: PostgresIdentity,
): void {
  const file = join(dataDir, 'pg_hba.conf');
  const rules = addresses.flatMap((address) =>
    ['all', 'replication'].map(
      (database) => `${connection} ${database} all ${address} scram-sha-256\n`,
    ),
  );
  writeFileSync(file, rules.join(''), { mode: 0o600 });
  identity.own(file);
}

/**
 * Removes the `postmaster.pid` left by a `kill -9` of all processes. A server still running on this
 * data is stopped. A pid reused by another process must not prevent the start.
 */
export async function clearStalePostmaster(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (Number.isSafeInteger(pid) && isAlive(pid) && programOf(pid).includes(dataDir)) {
    process.kill(pid, 'SIGQUIT');
    for (let tenths = 0; isAlive(pid) && tenths < 100; tenths += 1) await sleep(100);
  }
  rmSync(file, { force: true });
}
