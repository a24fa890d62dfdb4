import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from './events/event-types.js';
import { json } from './generated-files.js';
import { migrationChecksums } from './migration-checksums.js';
import { hashOf, hashOfSample, type ReleaseRecord } from './released.js';
import { DOCUMENTS, filesIn, read, readJson, RELEASED, ROOT, SAMPLES } from './repository.js';
import { write } from './write-reference.js';

/** Records today's documents, samples and migrations as those of the last release, by hash. */
export function release(): void {
  const { version } = readJson<{ version: string }>('package.json');
  const record: ReleaseRecord = {
    release: version,
    documents: Object.fromEntries(DOCUMENTS.map((file) => [file, hashOf(read(file))])),
    samples: Object.fromEntries(
      filesIn(SAMPLES).map((name) => [
        name,
        readJson<readonly Sample[]>(`${SAMPLES}/${name}`).map(hashOfSample),
      ]),
    ),
    migrations: migrationChecksums(ROOT),
  };
  rmSync(join(ROOT, RELEASED), { recursive: true, force: true });
  write(`${RELEASED}/release.json`, json(record));
}
