import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../machine/files.js';

/**
 * Throws a SetupError if the folder differs from the file list `sums` (in the format of sha256sum),
 * by name or by content.
 */
export function checkJars(folder: string, sums: string): void {
  const wanted = new Map(
    readFileSync(sums, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/ [ *]/, 2).reverse() as [string, string]),
  );
  const names = new Set([...wanted.keys(), ...readdirSync(folder)]);
  const wrong = [...names].filter((name) => wanted.get(name) !== sumOf(join(folder, name))).sort();
  if (wrong.length === 0) return;
  throw new SetupError(
    `Kafka is not started: ${wrong.join(', ')} in ${folder} is not what ${sums} names. Remove the folder, so that Maven fetches the jars again; if the error repeats, the repository used by Maven cannot be trusted`,
  );
}

function sumOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined; // listed but missing
  }
}
