import { readFileSync, statSync } from 'node:fs';
import { setting, type Setting } from './settings.js';

const READABLE_BY_ALL = 0o004;

/**
 * Path of a readable PEM file, read again by each user. A private key must not be readable by all.
 */
export function pemFile(
  variable: string,
  { isSecret = false }: { readonly isSecret?: boolean } = {},
): Setting<string | null> {
  return setting<string | null>(
    variable,
    (file) => {
      const fault = faultOf(file, isSecret);
      if (fault !== null) throw new Error(fault);
      return file;
    },
    null,
  );
}

function faultOf(file: string, isSecret: boolean): string | null {
  try {
    if (isSecret && (statSync(file).mode & READABLE_BY_ALL) !== 0)
      return 'names a file that everybody on this machine may read; take that right away (chmod 0400)';
    return readFileSync(file, 'utf8').includes('-----BEGIN ') ? null : 'must name a PEM file';
  } catch (error) {
    return `names a file that cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`;
  }
}
