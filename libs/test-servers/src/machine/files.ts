import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * A problem to be fixed by a person before the stack can start. The message contains the problem
 * and the remedy.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free disk space',
  EDQUOT: 'the disk is full. Free disk space',
  EROFS:
    'the file system is read-only. Mount the file system for writing, or choose another folder with --data DIR',
  EACCES:
    'this user has no write permission. Grant the permission, or choose another folder with --data DIR',
  EPERM:
    'this user has no write permission. Grant the permission, or choose another folder with --data DIR',
};

/**
 * Returns a SetupError with a remedy if the error is a disk fault a person can fix, otherwise null.
 */
export function diskFault(error: unknown, file?: string): SetupError | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  const remedy = REMEDIES[String(error.code)];
  const path = file ?? ('path' in error && typeof error.path === 'string' ? error.path : null);
  return remedy === undefined || path === null
    ? null
    : new SetupError(`${path} cannot be written: ${remedy}`, { cause: error });
}

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

/**
 * Creates a temporary folder traversable by other users: under root, PostgreSQL runs as another
 * user. The caller removes the folder.
 */
export function newDataFolder(prefix = 'sluice-'): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711);
  return folder;
}

/** Creates a temporary data folder. The guard removes the folder at the end. */
export function tempFolder(guard: { removeAtEnd(folder: string): void }): string {
  const folder = newDataFolder();
  guard.removeAtEnd(folder);
  return folder;
}

/** Returns the root of the checkout containing this file, from `src` and from `dist`. */
export function workspaceRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'nx.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(
        'no nx.json above libs/test-servers: the library must stay inside the checkout',
      );
    folder = parent;
  }
  return folder;
}
