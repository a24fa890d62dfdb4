import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from '../machine/files.js';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A single run of a child process. */
export interface Life {
  readonly pid: number;
  /** Set once the process has ended. */
  readonly exit: () => Exit | undefined;
  readonly ended: Promise<Exit>;
  signal(signal: NodeJS.Signals): void;
}

/** Starts a command in a process group of its own (Ctrl-C reaches only the supervisor), both outputs appended to `logFile`. */
export async function launch(name: string, command: ServerCommand, logFile: string): Promise<Life> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  const { args, command: program, ...options } = command;
  const child = spawn(program, args, { ...options, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  child.unref(); // only promises awaited by the caller keep Node alive, to let a test run end

  let exit: Exit | undefined;
  const ended = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve((exit = { code, signal })));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new SetupError(`cannot start ${name}: ${error.message}`)),
    );
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${name} was started without a pid`);
  return { pid, exit: () => exit, ended, signal: (signal) => void child.kill(signal) };
}

/** Describes the end of a process: `SIGKILL`, `exit code 1`. */
export function describeExit(exit: Exit): string {
  return exit.signal ?? `exit code ${exit.code ?? 'unknown'}`;
}

/** The end of a log, to show why a process did not start. */
export function lastLines(logFile: string, count = 8): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Returns the command line of a process, or an empty text if no process exists. Pids are reused,
 * and a pid alone therefore identifies no process.
 */
export function programOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline'))
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

const EVERY_MS = 15_000;
/**
 * Missed answers before a process counts as hung. The time exceeds every intended pause: a frozen
 * process must be able to resume and prove harmless.
 */
const HUNG_AFTER_SILENCES = 6;

/**
 * Watches a running process and kills the process after a minute and a half without an answer,
 * because a hung process does no work.
 */
export async function endWhenHung(
  life: Life,
  alive: () => Promise<void>,
  isWatched: () => boolean,
  everyMs = EVERY_MS,
): Promise<void> {
  let silences = 0;
  for (;;) {
    await sleep(everyMs, undefined, { ref: false });
    if (life.exit() || !isWatched()) return;
    silences = await alive().then(
      () => 0,
      () => silences + 1,
    );
    if (silences >= HUNG_AFTER_SILENCES && !life.exit() && isWatched())
      return life.signal('SIGKILL');
  }
}
