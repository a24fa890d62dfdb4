import { SetupError } from './setup-error.js';

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
