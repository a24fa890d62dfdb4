import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';

interface Holder {
  readonly pid: number;
  /** Command line of the process, because process ids are reused. */
  readonly program: string;
}

/**
 * Locks a folder, because two simulators would write the same book. Throws `CannotStart` if another
 * process holds the lock. Returns the release function.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock.json');
  const holder = holderOf(file);
  if (holder !== null)
    throw new CannotStart(
      `the book in ${folder} is in use by process ${holder}: stop the process, or choose another folder with --data DIR`,
    );
  write(folder, file, { pid: process.pid, program: programOf(process.pid) });
  return () => rmSync(file, { force: true });
}

function write(folder: string, file: string, holder: Holder): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(holder));
  } catch (error) {
    throw new CannotStart(
      `${folder} cannot be used as the folder of a book: ${(error as Error).message}`,
    );
  }
}

/**
 * Returns the process id of the lock holder; null for a lock left behind by `kill -9`. A simulator
 * in a container has the same process id after each restart.
 */
function holderOf(file: string): number | null {
  if (!existsSync(file)) return null;
  const { pid, program } = read(file);
  return pid !== process.pid && isAlive(pid) && programOf(pid) === program ? pid : null;
}

/** Reads the lock. A truncated lock file is treated as unlocked. */
function read(file: string): Holder {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError) return { pid: process.pid, program: '' };
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Returns the command line of a process. Empty if the process is missing or a zombie, and on
 * systems without /proc.
 */
function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
