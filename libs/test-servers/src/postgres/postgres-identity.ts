import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { ServerCommand } from '../process/launch.js';
import { SetupError } from '../machine/setup-error.js';

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
