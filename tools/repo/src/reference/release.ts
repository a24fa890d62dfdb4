import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { json } from './generated-files.js';
import {
  EVENTS,
  filesIn,
  OPEN_API,
  read,
  readJson,
  RELEASED,
  ROOT,
  SAMPLES,
} from './repository.js';
import { write } from './write-reference.js';

/** Release name and the hash of each sample: samples are never edited afterwards. */
export interface ReleaseRecord {
  readonly release: string;
  readonly samples: Readonly<Record<string, string>>;
}

/** Keeps the files published now as the files of the last release. */
export function release(): void {
  rmSync(join(ROOT, RELEASED), { recursive: true, force: true });
  write(`${RELEASED}/openapi.released.json`, read(OPEN_API));
  write(`${RELEASED}/asyncapi.released.json`, read(`${EVENTS}/asyncapi.json`));
  const samples = filesIn(SAMPLES).map((name) => {
    const text = read(`${SAMPLES}/${name}`);
    write(`${RELEASED}/samples/${name}`, text);
    return [name, hashOf(text)] as const;
  });
  const { version } = readJson<{ version: string }>('package.json');
  const record: ReleaseRecord = { release: version, samples: Object.fromEntries(samples) };
  write(`${RELEASED}/release.json`, json(record));
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
