import { readFileSync, statSync } from 'node:fs';
import type { Environment } from './read-config.js';
import type { Setting } from './settings.js';

const READABLE_BY_ALL = 0o004;

/** Source of a setting: the text, undefined if not set, or the fault of the source. */
type Source = { readonly text: string | undefined } | { readonly fault: string };

export function isProduction(env: Environment): boolean {
  return env['NODE_ENV'] === 'production';
}

/**
 * Reads a variable, or for a secret the file named by `<variable>_FILE`. An empty variable counts
 * as not set.
 */
export function sourceOf({ variable, file }: Setting<unknown>, env: Environment): Source {
  const text = env[variable] || undefined;
  const path = env[`${variable}_FILE`] || undefined;
  if (file === undefined || (path === undefined && text === undefined)) return { text };
  if (path === undefined)
    return file === 'in production' && isProduction(env)
      ? { fault: `must be in a file in production: set ${variable}_FILE to its path` }
      : { text };
  if (text !== undefined) return { fault: `is set, and ${variable}_FILE too: keep one of them` };
  return readSecret(`${variable}_FILE`, path);
}

/**
 * Reads a secret from a file. Faults name the variable and never the path, because the path may be
 * the secret by mistake.
 */
function readSecret(variable: string, path: string): Source {
  const fault = (what: string): Source => ({ fault: `cannot come from ${variable}: ${what}` });
  try {
    const { mode } = statSync(path);
    if ((mode & READABLE_BY_ALL) !== 0)
      return fault('everybody on this machine may read it; take that right away (chmod 0400)');
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? fault('it is empty') : { text };
  } catch (error) {
    return fault((error as NodeJS.ErrnoException).code ?? 'it cannot be read');
  }
}
