import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { read, readJson, ROOT } from '../repository.js';
import { docComments } from './events/doc-comments.js';
import type { Sample, Sources } from './events/event-types.js';

export { read, readJson, ROOT } from '../repository.js';

export const OPEN_API = 'apps/intake-api/src/reference/openapi.json';
export const EVENTS = 'docs/events';
export const ASYNC_API = `${EVENTS}/asyncapi.json`;
/** Published documents compared with those of the last release. */
export const DOCUMENTS = [OPEN_API, ASYNC_API] as const;
export const SAMPLES = 'libs/messages/src/samples';
/**
 * Record of the last release, renewed by `npm run reference -- release` alone, and copies of the
 * released documents that have changed since.
 */
export const RELEASED = 'tools/repo/released';

/** All files below a folder, as paths relative to the folder. */
export function filesIn(folder: string): readonly string[] {
  return globSync('**', { cwd: join(ROOT, folder), withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(ROOT, folder), join(entry.parentPath, entry.name)))
    .sort();
}

/** The comments of the message classes, and the golden samples. */
export function messageSources(): Sources {
  const files = globSync('libs/messages/src/*.topic.ts', { cwd: ROOT });
  return {
    words: docComments(files.map(read)),
    samplesOf: (topic, type) => readJson<readonly Sample[]>(`${SAMPLES}/${topic}/${type}.json`),
  };
}
