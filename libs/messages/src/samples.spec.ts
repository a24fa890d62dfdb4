import { readdirSync, readFileSync } from 'node:fs';
import { getMetadataStorage } from 'class-validator';
import { decode, encode, type WireMessage } from './envelope.js';
import { ALL_TOPICS } from './index.js';
import type { Topic } from './topic.js';

type Sample = Pick<WireMessage, 'key' | 'headers' | 'value'>;

const FOLDER = new URL('./samples/', import.meta.url);
const TYPES = ALL_TOPICS.flatMap((topic: Topic) =>
  Object.keys(topic.types).map((type) => ({ topic, type, name: topic.name })),
);
const SAMPLES = TYPES.flatMap(({ topic, type, name }) =>
  samplesOf(name, type).map((sample, at) => ({
    topic,
    type,
    sample,
    title: `${name} ${type} #${at + 1}`,
  })),
);

describe('golden samples', () => {
  it.each(TYPES)('exist for $name $type', ({ name, type }) => {
    expect(samplesOf(name, type).length).toBeGreaterThan(0);
  });

  it('exist for types of our topics only', () => {
    const known = TYPES.map(({ name, type }) => `${name}/${type}.json`);

    expect(listed().filter((file) => !known.includes(file))).toEqual([]);
  });

  it.each(SAMPLES)('$title: decodes, and encodes to the same bytes', ({ topic, type, sample }) => {
    const decoded = decode(topic, sample);

    if (!decoded.ok) throw new Error(JSON.stringify(decoded.refusal));
    expect(decoded.value.type).toBe(type);
    const {
      orderingKey: _orderingKey,
      consumer: _consumer,
      followers: _followers,
      topic: name,
      ...written
    } = encode(topic, decoded.value);
    expect(name).toBe(topic.name);
    expect(written).toEqual(sample);
  });

  it.each(SAMPLES)(
    '$title: needs each of its fields that is not optional',
    ({ topic, type, sample }) => {
      const data = JSON.parse(sample.value) as Record<string, unknown>;
      const optional = optionalOf(topic, type);

      const accepted = Object.keys(data).filter(
        (field) =>
          decode(topic, { ...sample, value: JSON.stringify({ ...data, [field]: undefined }) }).ok,
      );

      expect(accepted).toEqual(Object.keys(data).filter((field) => optional.includes(field)));
    },
  );

  it.each(SAMPLES)(
    '$title: a reader tolerates a field that it does not know',
    ({ topic, sample }) => {
      const newer = { ...sample, value: `${sample.value.slice(0, -1)},"addedLater":{"x":1}}` };

      expect(decode(topic, newer)).toMatchObject({ ok: true });
    },
  );
});

function optionalOf(topic: Topic, type: string): readonly string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(
    topic.types[type]!,
    '',
    false,
    false,
  );
  return metadata
    .filter(({ name }) => name === 'isOptional')
    .map(({ propertyName }) => propertyName);
}

function samplesOf(topic: string, type: string): readonly Sample[] {
  return JSON.parse(readFileSync(new URL(`${topic}/${type}.json`, FOLDER), 'utf8')) as Sample[];
}

function listed(): readonly string[] {
  return readdirSync(FOLDER).flatMap((topic) =>
    readdirSync(new URL(`${topic}/`, FOLDER)).map((file) => `${topic}/${file}`),
  );
}
