import { readFileSync, statSync } from 'node:fs';
import type { Environment } from './read-config.js';
import { markFault, secretFormFault, withoutLineEnds } from './secret.js';
import type { Setting } from './settings.js';

const READABLE_BY_ALL = 0o004;

/** Source of a setting: the text, undefined if not set, or the fault of the source. */
type Source = { readonly text: string | undefined } | { readonly fault: string };

export function isProduction(env: Environment): boolean {
  return env['NODE_ENV'] === 'production';
}

/**
 * A variable, or for a secret the file named by `<variable>_FILE`; empty counts as not set. A
 * secret loses surrounding line ends.
 */
export function sourceOf(one: Setting<unknown>, env: Environment): Source {
  const { variable, file } = one;
  const text = env[variable] || undefined;
  const path = env[`${variable}_FILE`] || undefined;
  if (file === undefined || path === undefined) {
    if (file === 'in production' && text !== undefined && isProduction(env))
      return { fault: `must be in a file in production: set ${variable}_FILE to its path` };
    return text === undefined ? { text } : checked(one, text, 'is refused');
  }
  if (text !== undefined) return { fault: `is set, and ${variable}_FILE too: keep one of them` };
  return readSecret(one, path);
}

/** Names the path only of a file that was read: another may be the secret by mistake. */
function readSecret(one: Setting<unknown>, path: string): Source {
  const variable = `${one.variable}_FILE`;
  const fault = (what: string): Source => ({ fault: `cannot come from ${variable}: ${what}` });
  try {
    const { mode } = statSync(path);
    if ((mode & READABLE_BY_ALL) !== 0)
      return fault('everybody on this machine may read it; take that right away (chmod 0400)');
    return checked(one, readFileSync(path, 'utf8'), `cannot come from ${variable} (${path})`);
  } catch (error) {
    return fault((error as NodeJS.ErrnoException).code ?? 'it cannot be read');
  }
}

/** Returns the text without the line ends around it, or its fault. */
function checked({ file, form }: Setting<unknown>, given: string, refused: string): Source {
  if (file === undefined && form === undefined) return { text: given };
  const text = withoutLineEnds(given);
  const fault =
    text === '' ? 'it is empty' : (markFault(text) ?? (form ? secretFormFault(text, form) : null));
  return fault === null ? { text } : { fault: `${refused}: ${fault}` };
}
