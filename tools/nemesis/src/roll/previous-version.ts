import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, workspaceRoot } from '@sluice/test-servers';

/** Built version of the services in a separate folder. */
interface PreviousVersion {
  readonly folder: string;
  readonly commit: string;
}

/** Returns the last release: its tag, or the commit of deploy/last-release.json without a tag. */
export function lastReleaseRef(root = workspaceRoot()): string {
  const { release, commit } = JSON.parse(
    readFileSync(join(root, 'deploy', 'last-release.json'), 'utf8'),
  ) as { readonly release: string; readonly commit: string };
  const tag = `v${release}`;
  const { status } = spawnSync('git', ['rev-parse', '--verify', '--quiet', `refs/tags/${tag}`], {
    cwd: root,
  });
  return status === 0 ? tag : commit;
}

/** Checks out and builds the services of `ref`. The folder is removed by `removePrevious`. */
export function buildPrevious(ref: string): PreviousVersion {
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

export function removePrevious(folder: string): void {
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
