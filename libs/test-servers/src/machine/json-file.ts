import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { diskFault } from './disk-fault.js';
import { SetupError } from './setup-error.js';

/**
 * Reads a file written by our own tools; undefined if the file is missing. Throws a SetupError for
 * invalid content, for example after a power cut.
 */
export function readJsonFile<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new SetupError(
      `${file} cannot be read (${String(cause)}): delete a damaged file, and start again`,
      { cause },
    );
  }
}

/**
 * Writes a file atomically: a reader sees the old or the new content, never a part. Only the owner
 * may read the file, because the content may be secret. Throws a SetupError on a disk fault.
 */
export function writeJsonFile(file: string, value: unknown): void {
  const half = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(half, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(half, file);
  } catch (error) {
    rmSync(half, { force: true });
    throw diskFault(error, file) ?? error;
  }
}
