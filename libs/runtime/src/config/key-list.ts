import { Secret } from './secret.js';
import { fromFile, type Setting } from './settings.js';

/** Keys of one purpose: the first seals, all open. */
type KeyList = readonly [Secret, ...Secret[]];

/**
 * Keys of 32 bytes in base64, one per line, several during a rotation; not guessable in production.
 */
export function keyList(variable: string): Setting<KeyList> {
  return {
    ...fromFile(variable, readKeys),
    inProduction: (text) =>
      linesOf(text).every((line) => new Set(Buffer.from(line, 'base64')).size >= 16)
        ? undefined
        : 'must be random in production: openssl rand -base64 32',
  };
}

function readKeys(text: string): KeyList {
  const lines = linesOf(text);
  const isKey = (line: string): boolean =>
    Buffer.from(line, 'base64').length === 32 &&
    Buffer.from(line, 'base64').toString('base64') === line;
  const [first, ...others] = lines.map((line) => new Secret(line));
  if (first === undefined || !lines.every(isKey))
    throw new Error('must be 32 bytes in base64, in each line');
  return [first, ...others];
}

function linesOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((line) => line !== '');
}
