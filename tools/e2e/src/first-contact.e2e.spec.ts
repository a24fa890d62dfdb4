import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';

const ROOT = workspaceRoot();
/** In the checkout's own file system, because packages and jars are hard links. */
const PLACE = join(ROOT, '.nx', 'first-contact');
const COMMAND_LIMIT_MS = 300_000;
const DAY_MS = 86_400_000;

/** Machine of a new user. */
interface Machine {
  readonly name: string;
  /** Last part of the checkout's path. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Lines added to the user's .npmrc. */
  readonly npmrc?: string;
  readonly umask?: string;
  readonly git?: readonly string[];
  /** True: npm installs the packages. Default: the packages are there, because they are not the subject. */
  readonly installs?: boolean;
}

/** Each day has its machine. */
const ALL_MACHINES: readonly Machine[] = [
  {
    name: 'a machine for production',
    env: {
      NODE_ENV: 'production',
      npm_config_omit: 'dev',
      npm_config_ignore_scripts: 'true',
      npm_config_production: 'true',
    },
    installs: true,
  },
  { name: 'a path with signs', folder: `a b, ü #1 %20 & (c) [d] {e} 'f'` },
  { name: 'an .npmrc without tools', npmrc: 'omit=dev\nproduction=true\n', installs: true },
  {
    name: 'the locale C, and HOST of conda',
    folder: 'ü č',
    env: { LANG: 'C', LC_ALL: 'C', HOST: 'x86_64-conda-linux-gnu' },
  },
  { name: 'umask 077', umask: '077' },
  { name: 'git with CRLF line ends', git: ['-c', 'core.autocrlf=true'] },
];

const MACHINES =
  process.env['SLUICE_FIRST_CONTACT'] === 'all'
    ? ALL_MACHINES
    : ALL_MACHINES.filter(
        (_, index) => index === Math.floor(Date.now() / DAY_MS) % ALL_MACHINES.length,
      );

describe('the commands of the README in a fresh clone', () => {
  beforeAll(() => rmSync(PLACE, { recursive: true, force: true }));
  afterAll(() => rmSync(PLACE, { recursive: true, force: true }));

  it.each(MACHINES.map((machine) => [machine.name, machine] as const))(
    'work on %s',
    (_, machine) => {
      const clone = cloneOn(machine);

      const test = run(machine, clone, 'npm', 'test', '--', 'vectors');
      const start = run(machine, clone, 'npm', 'start', '--', '--once', '--fast');

      expect(test).toEqual({
        status: 0,
        end: expect.stringMatching(/^\d+ passed, 0 failed, 0 skipped$/) as string,
        output: '',
      });
      expect(start).toEqual({
        status: 0,
        end: 'ok: 2 of 2 withdrawals captured, 0 invariants violated',
        output: '',
      });
      rmSync(clone, { recursive: true });
    },
    2 * COMMAND_LIMIT_MS,
  );
});

function cloneOn(machine: Machine): string {
  const clone = join(PLACE, machine.folder ?? 'clone');
  mkdirSync(PLACE, { recursive: true });
  const git = ['git', ...(machine.git ?? []), 'clone', '--quiet', ROOT, clone] as const;
  expect(run(machine, ROOT, ...git)).toMatchObject({ status: 0 });
  link('.sluice/kafka-lib', clone);
  if (!machine.installs) link('node_modules', clone);
  if (machine.npmrc !== undefined) {
    const own = process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc');
    const before = existsSync(own) ? `${readFileSync(own, 'utf8')}\n` : '';
    writeFileSync(`${clone}.npmrc`, before + machine.npmrc, { mode: 0o600 });
  }
  return clone;
}

function link(path: string, clone: string): void {
  if (!existsSync(join(ROOT, path))) return;
  mkdirSync(join(clone, path, '..'), { recursive: true });
  spawnSync('cp', ['-al', join(ROOT, path), join(clone, path)]);
}

interface Run {
  readonly status: number | null;
  /** Last line of the output. */
  readonly end: string;
  /** Last lines of a failed command. */
  readonly output: string;
}

function run(machine: Machine, cwd: string, ...command: readonly string[]): Run {
  const { umask = '022' } = machine;
  const script = `umask ${umask}; exec "$@"`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', ...command], {
    cwd,
    env: {
      ...ownEnvironment(),
      ...machine.env,
      ...(machine.npmrc !== undefined && { npm_config_userconfig: `${cwd}.npmrc` }),
    },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    timeout: COMMAND_LIMIT_MS,
  });
  const output =
    status === 0 ? '' : `${stdout}${stderr}`.trimEnd().split('\n').slice(-40).join('\n');
  return { status, end: stdout.trimEnd().split('\n').at(-1) ?? '', output };
}

/** The environment without the variables of npm, Nx and Jest around this test. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const around =
    /^(NX_|JEST_|SLUICE_|NODE_ENV$|NODE_OPTIONS$|FORCE_COLOR$|INIT_CWD$|npm_(?!config_(registry|cache|userconfig|cafile)$))/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !around.test(name)));
}
