import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Sample } from './events/event-types.js';
import { read, readJson, RELEASED, ROOT } from './repository.js';

/**
 * Record of the last release: the name, the hash of each published document, the hashes of the
 * samples by file, and the checksum of each migration.
 */
export interface ReleaseRecord {
  readonly release: string;
  readonly documents: Readonly<Record<string, string>>;
  readonly samples: Readonly<Record<string, readonly string[]>>;
  readonly migrations: Readonly<Record<string, string>>;
}

const RECORD = `${RELEASED}/release.json`;

/** Copy of a released document, committed only while the current document is another one. */
export function copyOf(file: string): string {
  return `${RELEASED}/${basename(file)}`;
}

export function releaseRecord(): ReleaseRecord {
  return readJson<ReleaseRecord>(RECORD);
}

/** Text of a document as the last release published it: the text of the copy, or of the current file. */
export function releasedText(file: string): string {
  const texts = [copyOf(file), file].filter((path) => existsSync(join(ROOT, path))).map(read);
  return findReleased(file, releaseRecord(), texts);
}

/** Returns the text with the recorded hash. Throws if no text has the hash. */
export function findReleased(
  file: string,
  { release, documents }: Pick<ReleaseRecord, 'release' | 'documents'>,
  texts: readonly string[],
): string {
  const found = texts.find((text) => hashOf(text) === documents[file]);
  if (found === undefined)
    throw new Error(
      `The text of ${file} in release ${release} is missing, and changes cannot be compared with it: copy the file from before its first change (tag v${release}) to ${copyOf(file)}`,
    );
  return found;
}

/** Samples of a released file that the current file lacks, as sentences. */
export function lostSamples(
  name: string,
  { release, samples }: Pick<ReleaseRecord, 'release' | 'samples'>,
  now: readonly Sample[],
): readonly string[] {
  const kept = new Set(now.map(hashOfSample));
  return (samples[name] ?? []).flatMap((hash, at) =>
    kept.has(hash)
      ? []
      : [
          `${name}: sample ${at + 1} of release ${release} was changed or removed: restore the sample, and add the new form as another sample`,
        ],
  );
}

export function hashOfSample(sample: Sample): string {
  return hashOf(JSON.stringify(sample));
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
