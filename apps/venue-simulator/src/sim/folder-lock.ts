import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from '../cannot-start.js';

interface Holder {
  readonly pid: number;
  /** Its command line: numbers of processes are given out again. */
  readonly program: string;
}

/** Two simulators would write one book without knowing of each other. Throws `CannotStart` where another one lives; returns the release. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock.json');
  const holder = holderOf(file);
  if (holder !== null)
    throw new CannotStart(
      `the book in ${folder} is in use by process ${holder}: stop it, or choose another folder with --data DIR`,
    );
  write(folder, file, { pid: process.pid, program: programOf(process.pid) });
  return () => rmSync(file, { force: true });
}

function write(folder: string, file: string, holder: Holder): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(holder));
  } catch (error) {
    throw new CannotStart(`${folder} cannot be the folder of a book: ${(error as Error).message}`);
  }
}

/** Null for a lock that a `kill -9` left behind. A container's simulator has the same number in each of its lives. */
function holderOf(file: string): number | null {
  if (!existsSync(file)) return null;
  const { pid, program } = read(file);
  return pid !== process.pid && isAlive(pid) && programOf(pid) === program ? pid : null;
}

/** A lock that was cut short while it was written is nobody's. */
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

/** Empty where there is no such process, where it is dead and not yet buried, and on systems without /proc. */
function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
