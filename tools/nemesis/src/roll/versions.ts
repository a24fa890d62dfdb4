import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError, workspaceRoot } from '@sluice/test-servers';
import { editCode } from '../ablation/edited-code.js';
import type { Edit } from '../ablation/rules.js';

/** Versions at both ends of an upgrade: folders of built services. */
interface Versions {
  readonly from: string;
  readonly to: string;
  /** Both versions in words. */
  readonly inWords: string;
}

/** A schema change as in a later release: a column of holds, with the login's right to write it. */
export const NEXT_SCHEMA: readonly Edit[] = [
  {
    file: 'apps/ledger/src/postgres/migrations.ts',
    from: '[Ledger1797000000020]',
    to: `[
      Ledger1797000000020,
      class NextSchema1999000000000 {
        readonly name = 'NextSchema1999000000000';
        async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
          await runner.query('ALTER TABLE hold ADD COLUMN next_schema text');
        }
        async down(): Promise<void> {}
      },
    ]`,
  },
  {
    file: 'apps/ledger/src/postgres/rights.ts',
    from: 'hold: `SELECT, INSERT, UPDATE (${namesOf(HOLD_STATE)})`',
    to: 'hold: `SELECT, INSERT, UPDATE (${namesOf(HOLD_STATE)}, next_schema)`',
  },
];

/**
 * Runs work with the versions of an upgrade, and removes what was built for it. With a ref, the
 * upgrade leads from that commit to this version. Without, it leads from this version to a copy with
 * a further migration.
 */
export async function withVersions<T>(
  ref: string | undefined,
  work: (versions: Versions) => Promise<T>,
): Promise<T> {
  if (ref === undefined) {
    const next = mkdtempSync(join(tmpdir(), 'sluice-next-'));
    try {
      editCode(NEXT_SCHEMA, workspaceRoot(), next);
      const inWords = 'from this version to the same with a further migration';
      return await work({ from: workspaceRoot(), to: next, inWords });
    } finally {
      rmSync(next, { recursive: true, force: true });
    }
  }
  const { folder, commit } = buildPrevious(ref);
  try {
    const inWords = `from ${ref} (${commit.slice(0, 12)}) to this version`;
    return await work({ from: folder, to: workspaceRoot(), inWords });
  } finally {
    removePrevious(folder);
  }
}

/** Checks out and builds the services of `ref`. The folder is removed by `removePrevious`. */
function buildPrevious(ref: string): { readonly folder: string; readonly commit: string } {
  const root = workspaceRoot();
  const commit = git('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`);
  const folder = join(root, '.nx', 'previous', commit.slice(0, 12));
  removePrevious(folder);
  git('worktree', 'add', '--detach', '--force', folder, commit);
  linkPackages(root, folder);
  run(folder, process.execPath, [
    'tools/build/bootstrap.mjs',
    'build',
    '--',
    '--projects=tag:type:app,venue-simulator',
  ]);
  return { folder, commit };
}

function removePrevious(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  git('worktree', 'prune');
}

/**
 * Hard-links our node_modules if the version needs no other packages. Otherwise the version's own
 * bootstrap installs the packages.
 */
function linkPackages(root: string, folder: string): void {
  const [here, there] = [root, folder].map(packagesOf) as [Packages, Packages];
  if (Object.keys(there).some((name) => there[name] !== here[name])) return;
  run(root, 'cp', ['-al', join(root, 'node_modules'), join(folder, 'node_modules')]);
}

type Packages = Readonly<Record<string, string>>;

/** Content of node_modules: versions of packages, and targets of links to our own projects. */
function packagesOf(folder: string): Packages {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { version?: string; resolved?: string }>>;
  };
  const installed = Object.entries(packages).filter(([path]) => path.startsWith('node_modules/'));
  return Object.fromEntries(
    installed.map(([path, { version, resolved }]) => [path, version ?? resolved ?? '']),
  );
}

function git(...args: string[]): string {
  return run(workspaceRoot(), 'git', args).trim();
}

function run(cwd: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new SetupError(
    `${command} ${args.join(' ')} failed: ${error?.message ?? `${stderr}${stdout}`.trim().slice(-2_000)}`,
  );
}
