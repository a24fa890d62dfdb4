import { SetupError } from './setup-error.js';

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'no room is left there. Make room',
  EDQUOT: 'no room is left there. Make room',
  EROFS:
    'it lies on a file system that can only be read. Mount it for writing, or choose another folder with --data DIR',
  EACCES:
    'this user may not write there. Give it the right, or choose another folder with --data DIR',
  EPERM:
    'this user may not write there. Give it the right, or choose another folder with --data DIR',
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
