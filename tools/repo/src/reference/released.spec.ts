import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_TOPICS, decode, type Topic } from '@sluice/messages';
import { messageChanges, type EventsDocument } from './changes/message-changes.js';
import { openApiChanges, type ApiDocument } from './changes/open-api-changes.js';
import type { Sample } from './events/event-types.js';
import {
  copyOf,
  findReleased,
  hashOf,
  hashOfSample,
  lostSamples,
  releasedText,
  releaseRecord,
} from './released.js';
import { ASYNC_API, DOCUMENTS, OPEN_API, read, readJson, ROOT, SAMPLES } from './repository.js';

const RECORD = releaseRecord();
const FILES = Object.keys(RECORD.samples);
const TOPICS: readonly Topic[] = ALL_TOPICS;

describe('what the last release published', () => {
  it('is what its clients still can live with', () => {
    const released = JSON.parse(releasedText(OPEN_API)) as ApiDocument;

    expect(openApiChanges(released, readJson<ApiDocument>(OPEN_API))).toEqual([]);
  });

  it('is what readers of its messages still can live with', () => {
    const released = JSON.parse(releasedText(ASYNC_API)) as EventsDocument;

    expect(messageChanges(released, readJson<EventsDocument>(ASYNC_API))).toEqual([]);
  });

  it.each(DOCUMENTS)('has a copy only while the current one differs: %s', (file) => {
    const isChanged = hashOf(read(file)) !== RECORD.documents[file];

    expect(existsSync(join(ROOT, copyOf(file)))).toBe(isChanged);
  });

  it('has samples', () => {
    expect(FILES.length).toBeGreaterThan(50);
    expect(Object.values(RECORD.samples).filter((hashes) => hashes.length === 0)).toEqual([]);
  });

  it.each(FILES)('is unchanged and read today: %s', (name) => {
    const [topicName = '', file = ''] = name.split('/');
    const topic = TOPICS.find((one) => one.name === topicName);
    if (!topic) throw new Error(`${topicName} is gone`);
    const samples = existsSync(join(ROOT, SAMPLES, name))
      ? readJson<readonly Sample[]>(`${SAMPLES}/${name}`)
      : [];

    expect(lostSamples(name, RECORD, samples)).toEqual([]);
    for (const sample of samples)
      expect(decode(topic, sample)).toMatchObject({
        ok: true,
        value: { type: file.replace(/\.json$/, ''), id: sample.headers['ce_id'] },
      });
  });
});

describe('the record of a release', () => {
  const sample = (value: string): Sample => ({ key: 'k', headers: {}, value });
  const [first, second, third] = ['1', '2', '3'].map(sample) as [Sample, Sample, Sample];
  const record = {
    release: '1.2.3',
    documents: { 'docs/a.json': hashOf('{"released":1}') },
    samples: { 't/m.json': [first, second].map(hashOfSample) },
  };

  it('finds the released document by its hash', () => {
    expect(findReleased('docs/a.json', record, ['{}', '{"released":1}'])).toBe('{"released":1}');
  });

  it('refuses a comparison without the released document', () => {
    expect(() => findReleased('docs/a.json', record, ['{}'])).toThrow(
      'The text of docs/a.json in release 1.2.3 is missing, and changes cannot be compared with it: copy the file from before its first change (tag v1.2.3) to tools/repo/released/a.json',
    );
  });

  it('accepts further samples', () => {
    expect(lostSamples('t/m.json', record, [first, third, second])).toEqual([]);
  });

  it('names a sample that was changed or removed', () => {
    expect(lostSamples('t/m.json', record, [first, third])).toEqual([
      't/m.json: sample 2 of release 1.2.3 was changed or removed: restore the sample, and add the new form as another sample',
    ]);
  });
});
