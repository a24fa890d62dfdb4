import { chmodSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { startGuard, type ProcessGuard } from './process/process-guard.js';
import { isAlive } from './process/process-identity.js';

/** What the test files of one Jest process share. Each file has its own module registry, so the note lies on disk. */
export interface TestFolder {
  readonly path: string;
  readonly guard: ProcessGuard;
}

export function testFolder(): TestFolder {
  const path = join(tmpdir(), `sluice-test-${process.pid}`);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o711); // PostgreSQL may run as another user and has to walk through
  const guard = startGuard();
  guard.removeAtEnd(path);
  return { path, guard };
}

export interface ServerNote {
  readonly pid: number;
  readonly port: number;
  readonly password?: string;
  readonly controllerPort?: number;
}

/** The server an earlier test file of this Jest process started, if it still lives. */
export function readNote(folder: TestFolder, name: string): ServerNote | undefined {
  const note = readJsonFile<ServerNote>(join(folder.path, `${name}.json`));
  return note && isAlive(note.pid) ? note : undefined;
}

export function writeNote(folder: TestFolder, name: string, note: ServerNote): void {
  writeJsonFile(join(folder.path, `${name}.json`), note);
}
