import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readJsonFile } from '../json-file.js';
import { isAlive, programOf } from '../process/process-identity.js';
import { StackError } from '../stack-error.js';

interface Holder {
  readonly pid: number;
  readonly program: string;
}

/** The pid of the start that holds this data folder now, if any. */
export function lockHolder(file: string): number | undefined {
  const holder = readJsonFile<Holder>(file);
  const lives = holder && isAlive(holder.pid) && programOf(holder.pid) === holder.program;
  return lives ? holder.pid : undefined;
}

/** Two starts on one data folder would fight over ports and data: the second is told who holds it. Returns the release. */
export function takeLock(file: string): () => void {
  const holder = lockHolder(file);
  if (holder !== undefined) {
    throw new StackError(
      `this checkout is already running (pid ${holder}). Use it, stop it with \`npm run stack -- down\`, or choose another folder with --data DIR`,
    );
  }
  rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, program: programOf(process.pid) } satisfies Holder));
  try {
    linkSync(mine, file); // fails when another start was quicker, unlike a rename
  } catch (cause) {
    throw new StackError('another start of this checkout is under way; wait for it or stop it', { cause });
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(file, { force: true });
}
