import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupError, diskFault, readJsonFile } from '../machine/files.js';
import { isAlive, programOf } from './launch.js';

interface Holder {
  readonly pid: number;
  readonly program: string;
}

/** Returns the pid of the process holding the lock, if any. */
export function lockHolder(file: string): number | undefined {
  const holder = readJsonFile<Holder>(file);
  return holder && lives(holder) ? holder.pid : undefined;
}

function lives({ pid, program }: Holder): boolean {
  return isAlive(pid) && programOf(pid) === program;
}

/**
 * Takes the lock of a data folder, because two starts would conflict on ports and data. A second
 * start gets a SetupError naming the holder. Returns the function to release the lock.
 */
export function takeLock(file: string): () => void {
  makeFolder(dirname(file));
  const holder = readJsonFile<Holder>(file);
  if (holder && lives(holder)) {
    throw new SetupError(
      `this checkout is already running (pid ${holder.pid}). Use the running stack, stop the stack with \`npm run stack -- down\`, or choose another folder with --data DIR`,
    );
  }
  const mine = `${file}.${process.pid}`;
  try {
    // never deletes a lock created by another start since the check
    if (holder) rmSync(file, { force: true });
    writeFileSync(
      mine,
      JSON.stringify({ pid: process.pid, program: programOf(process.pid) } satisfies Holder),
    );
    linkSync(mine, file); // fails when another start was quicker, unlike a rename
  } catch (cause) {
    throw (
      diskFault(cause, dirname(file)) ??
      new SetupError(
        'another start of this checkout is in progress; wait for the start, or stop the start',
        {
          cause,
        },
      )
    );
  } finally {
    removeQuietly(mine);
  }
  return () => removeQuietly(file);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new SetupError(
      `${folder} cannot be used for data: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/**
 * Removes a file and ignores errors. A leftover lock names an ended process and is taken over by
 * the next start.
 */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}
