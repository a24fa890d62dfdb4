import { chmodSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from '../machine/files.js';
import { startGuard, type ProcessGuard } from '../process/process-guard.js';
import { isAlive } from '../process/launch.js';

/**
 * Folder shared by the test files of a Jest process. Each file has a separate module registry, and
 * the notes are therefore stored on disk.
 */
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

interface ServerNote {
  readonly pid: number;
  readonly port: number;
  readonly password?: string;
  readonly controllerPort?: number;
}

/** Returns the server started by an earlier test file of this Jest process, if still alive. */
export function readNote(folder: TestFolder, name: string): ServerNote | undefined {
  const note = readJsonFile<ServerNote>(join(folder.path, `${name}.json`));
  return note && isAlive(note.pid) ? note : undefined;
}

export function writeNote(folder: TestFolder, name: string, note: ServerNote): void {
  writeJsonFile(join(folder.path, `${name}.json`), note);
}
