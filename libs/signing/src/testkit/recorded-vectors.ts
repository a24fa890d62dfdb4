import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A signed request of a real client; further fields depend on the scheme. */
export interface RecordedVector {
  readonly name: string;
  readonly oracle?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const OWN_FOLDER = fileURLToPath(new URL('../../vectors', import.meta.url));
const OTHER_FOLDER = process.env['SLUICE_VECTORS'];

/** This library's folder, or SLUICE_VECTORS relative to the command's. */
export const VECTORS_FOLDER = OTHER_FOLDER
  ? resolve(process.env['INIT_CWD'] ?? '.', OTHER_FOLDER)
  : OWN_FOLDER;

/** Our own recordings, a file for each scheme: no other file can be read. */
export const VECTOR_FILES: readonly string[] = readdirSync(OWN_FOLDER).filter((name) =>
  name.endsWith('.json'),
);

/** Vectors titled `client: name`; null without the file. Throws unless a list of named vectors. */
export function readVectors<V extends RecordedVector>(
  folder: string,
  file: string,
): readonly (readonly [title: string, vector: V])[] | null {
  const path = join(folder, file);
  if (!existsSync(path)) return null;
  const vectors = parse(path);
  if (!Array.isArray(vectors) || vectors.length === 0)
    throw new Error(`${path} has to be a JSON list of vectors`);
  return (vectors as readonly V[]).map((vector, index) => {
    if (typeof vector?.name !== 'string')
      throw new Error(`vector ${index + 1} of ${path} has no name`);
    return [`${vector.oracle ?? 'own'}: ${vector.name}`, vector];
  });
}

/**
 * Tests of a file: a missing one is skipped in a foreign folder and fails in ours, an unreadable
 * one fails.
 */
export function describeVectors<V extends RecordedVector>(
  file: string,
  test: (vectors: readonly (readonly [string, V])[]) => void,
): void {
  describe(file, () => {
    let vectors: readonly (readonly [string, V])[] | null;
    try {
      vectors = readVectors<V>(VECTORS_FOLDER, file);
    } catch (fault) {
      return it('can be read', () => {
        throw fault;
      });
    }
    if (vectors) return test(vectors);
    if (OTHER_FOLDER)
      return it.skip(`is not in ${OTHER_FOLDER} (SLUICE_VECTORS): nothing was checked`, () => {});
    it('is among our own recordings', () => expect(vectors).not.toBeNull());
  });
}

export function unknownFiles(folder: string): readonly string[] {
  return readdirSync(folder).filter(
    (name) => name.endsWith('.json') && !VECTOR_FILES.includes(name),
  );
}

/** Returns a header by name in any case. */
export function headerOf({ headers = {} }: RecordedVector, name: string): string | undefined {
  return Object.entries(headers).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
}

/** Returns a value required by the scheme. Throws if the value is missing. */
export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the vector lacks ${what}, which its scheme needs`);
  return value;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
}
