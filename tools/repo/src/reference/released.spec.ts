import { ALL_TOPICS, decode, type Topic } from '@sluice/messages';
import { messageChanges, type EventsDocument } from './changes/message-changes.js';
import { openApiChanges, type ApiDocument } from './changes/open-api-changes.js';
import type { Sample } from './events/event-types.js';
import { hashOf, type ReleaseRecord } from './release.js';
import { EVENTS, filesIn, OPEN_API, read, readJson, RELEASED } from './repository.js';

const RECORD = readJson<ReleaseRecord>(`${RELEASED}/release.json`);
const SAMPLES = filesIn(`${RELEASED}/samples`);
const TOPICS: readonly Topic[] = ALL_TOPICS;

describe('what the last release published', () => {
  it('is what its clients still can live with', () => {
    const released = readJson<ApiDocument>(`${RELEASED}/openapi.released.json`);

    expect(openApiChanges(released, readJson<ApiDocument>(OPEN_API))).toEqual([]);
  });

  it('is what readers of its messages still can live with', () => {
    const released = readJson<EventsDocument>(`${RELEASED}/asyncapi.released.json`);
    const now = readJson<EventsDocument>(`${EVENTS}/asyncapi.json`);

    expect(messageChanges(released, now)).toEqual([]);
  });

  it('has the samples of the release record', () => {
    const hashes = SAMPLES.map((name) => [name, hashOf(read(`${RELEASED}/samples/${name}`))]);

    expect(SAMPLES.length).toBeGreaterThan(50);
    expect(Object.fromEntries(hashes)).toEqual(RECORD.samples);
  });

  it.each(SAMPLES)('is read today: %s', (name) => {
    const [topicName = '', file = ''] = name.split('/');
    const topic = TOPICS.find((one) => one.name === topicName);
    const samples = readJson<readonly Sample[]>(`${RELEASED}/samples/${name}`);
    if (!topic) throw new Error(`${topicName} is gone`);

    for (const sample of samples)
      expect(decode(topic, sample)).toMatchObject({
        ok: true,
        value: { type: file.replace(/\.json$/, ''), id: sample.headers['ce_id'] },
      });
  });
});
