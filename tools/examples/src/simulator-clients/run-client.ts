import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SimulatorControl } from '@sluice/test-kit';
import type { SimulatedName } from '@sluice/stack';
import type { ClientLibrary, Language } from './clients.js';
import { folderOf } from './page.js';

/** Command line of a program. */
interface InstallCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** The libraries of a language, installed. */
export type Installation = (client: ClientLibrary) => InstallCommand;

/**
 * Installs the pinned libraries into the folder. Null if the language is not installed on this
 * machine; throws the installer's error output if the installation fails.
 */
export const INSTALL: Readonly<Record<Language, (folder: string) => Installation | null>> = {
  Python: installPython,
  Go: installGo,
  Java: installJava,
  JavaScript: () => (client) => ({
    program: process.execPath,
    args: [join(folderOf('JavaScript'), client.program)], // already installed by npm
  }),
};

function installPython(folder: string): Installation | null {
  if (!isHere('python3', ['-m', 'venv', '--help'])) return null;
  run('python3', ['-m', 'venv', folder]);
  const python = join(folder, 'bin', 'python');
  const requirements = join(folderOf('Python'), 'requirements.txt');
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-compile'];
  run(python, ['-m', 'pip', 'install', ...quietly, '--requirement', requirements]);
  return ({ program }) => ({ program: python, args: [join(folderOf('Python'), program)] });
}

/** Compiles with a read-only go.sum: a module different from the pinned version fails the build. */
function installGo(folder: string): Installation | null {
  if (!isHere('go', ['version'])) return null;
  mkdirSync(folder, { recursive: true });
  run('go', ['build', '-mod=readonly', '-o', `${folder}/`, './...'], folderOf('Go'));
  return ({ program }) => ({ program: join(folder, program), args: [] });
}

function installJava(folder: string): Installation | null {
  if (!isHere('javac', ['-version']) || !isHere('mvn', ['--version'])) return null;
  cpSync(folderOf('Java'), folder, { recursive: true });
  const list = join(folder, 'classpath.txt');
  run('mvn', ['-q', '-B', 'dependency:build-classpath', `-Dmdep.outputFile=${list}`], folder);
  const classpath = `${readFileSync(list, 'utf8').trim()}:${folder}`;
  return ({ program }) => {
    run('javac', ['-cp', classpath, '-d', folder, join(folder, 'src', program)]);
    return { program: 'java', args: ['-cp', classpath, basename(program, '.java')] };
  };
}

function isHere(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args).status === 0;
}

function run(program: string, args: readonly string[], cwd?: string): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...(cwd !== undefined && { cwd }),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status === 0) return;
  const said = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-5).join('\n');
  throw new Error(`${program} ${args.slice(0, 3).join(' ')}: ${said}`);
}

/** Address accepted by every simulator without further setup. */
const ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const LONGEST_MS = 60_000;

interface ClientOutcome {
  /** Result of the read call. */
  readonly read: unknown;
  /** The venue's id of the withdrawal. */
  readonly id: unknown;
}

/**
 * Runs a program against the simulator of a venue. Returns null if the client read, and withdrew
 * the one payment in the book; otherwise the reason.
 */
export async function runClient(
  { program, args }: InstallCommand,
  venue: SimulatedName,
  simulator: SimulatorControl,
): Promise<string | null> {
  await simulator.reset();
  const credentials = await simulator.credentials();
  const { code, out, errors } = await outputOf(program, args, {
    SIMULATOR: JSON.stringify(credentials),
    ADDRESS,
  });
  if (code !== 0) return errors.trim().split('\n').slice(-4).join('\n') || `ended with ${code}`;
  const outcome = readOutcome(out);
  if (outcome === null) return `printed no JSON: ${out.slice(0, 200)}`;
  if (outcome.read === undefined || outcome.read === null || outcome.read === '')
    return 'read nothing';
  const payments = await simulator.payments();
  return payments.length === 1 && payments[0]?.id === String(outcome.id)
    ? null
    : `${venue} has accepted ${JSON.stringify(payments.map(({ id }) => id))}, the client reports ${JSON.stringify(outcome.id)}`;
}

function readOutcome(out: string): ClientOutcome | null {
  try {
    return JSON.parse(out.trim().split('\n').at(-1) ?? '') as ClientOutcome;
  } catch {
    return null; // reported with the program's output
  }
}

function outputOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; out: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, errors }));
  });
}
