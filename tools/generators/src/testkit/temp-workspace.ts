import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

export interface CommandRun {
  readonly status: number | null;
  readonly output: string;
}

/**
 * Copy of this repository in a separate folder, with the same packages. Generating files in the
 * copy leaves this repository unchanged.
 */
export class TempWorkspace {
  private constructor(readonly folder: string) {}

  static create(): TempWorkspace {
    const workspace = new TempWorkspace(mkdtempSync(join(tmpdir(), 'sluice-generators-')));
    try {
      workspace.copySources();
      workspace.linkPackages();
      execFileSync('git', ['init', '--quiet'], { cwd: workspace.folder });
      return workspace;
    } catch (error) {
      workspace.remove();
      throw error;
    }
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(this.path(file), text);
  }

  /** Runs a program of the workspace like a person with the workspace's tools in the path. */
  run(program: string, ...args: readonly string[]): CommandRun {
    const PATH = `${this.path('node_modules', '.bin')}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: this.folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...ownEnvironment(), PATH, NX_DAEMON: 'false', NX_TUI: 'false', NO_COLOR: '1' },
    });
    if (error) throw error;
    return { status, output: stdout + stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private copySources(): void {
    const listed = execFileSync(
      'git',
      ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
      { cwd: ROOT, encoding: 'utf8' },
    );
    for (const file of listed
      .split('\0')
      .filter((name) => name !== '' && existsSync(join(ROOT, name))))
      cpSync(join(ROOT, file), this.path(file));
  }

  /** Links third-party packages from this repository, and our own packages from the copy. */
  private linkPackages(): void {
    const [from, to] = [join(ROOT, 'node_modules'), this.path('node_modules')];
    mkdirSync(join(to, '@sluice'), { recursive: true });
    for (const name of readdirSync(from).filter(
      (one) => !['@sluice', '.cache', '.package-lock.json'].includes(one),
    ))
      symlinkSync(join(from, name), join(to, name));
    for (const group of ['apps', 'libs', 'tools'])
      for (const name of readdirSync(this.path(group)))
        symlinkSync(this.path(group, name), join(to, '@sluice', name));
  }
}

/**
 * Returns the environment without the variables set by Nx, npm and Jest for their child processes.
 */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(NX_|npm_|JEST_|FORCE_COLOR$|SLUICE_TESTS$|NODE_OPTIONS$)/.test(name),
    ),
  );
}
