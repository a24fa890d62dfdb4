import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { diskFault } from './disk-fault.js';
import { SetupError } from './setup-error.js';

/** What our own tools wrote there, or undefined where there is no file. Throws a SetupError for what they did not write, as after a power cut. */
export function readJsonFile<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new SetupError(
      `${file} cannot be read (${String(cause)}): delete it if it is damaged, and start again`,
      { cause },
    );
  }
}

/** A reader sees the old content or the new, never a part; only the owner may read it, for it can hold secrets. Throws a SetupError when the disk takes none. */
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
