import { ALL_TOPICS, dataSchema, type JsonSchema, type Topic } from '@sluice/messages';
import type { ClassWords } from './doc-comments.js';

/** A message as it is on the wire, of the golden samples. */
export interface Sample {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** One type of message, on however many topics. */
export interface EventType {
  readonly type: string;
  readonly topics: readonly Topic[];
  readonly about: string;
  /** Of its data, with a description of each field that has one; of a type on topics of venues it is that of any venue. */
  readonly schema: JsonSchema;
  readonly sample: Sample;
}

/** Where words and samples come from. */
export interface Sources {
  readonly words: ReadonlyMap<string, ClassWords>;
  samplesOf(topic: string, type: string): readonly Sample[];
}

/** Every type that may be on a topic, by its name. */
export function eventTypes({ words, samplesOf }: Sources): readonly EventType[] {
  const topics: readonly Topic[] = ALL_TOPICS;
  const names = new Set(topics.flatMap(({ types }) => Object.keys(types)));
  return [...names].sort().map((type) => {
    const on = topics.filter(({ types }) => type in types);
    const [first] = on;
    const cls = first?.types[type];
    const [sample] = samplesOf(first?.name ?? '', type);
    if (!first || !cls || !sample) throw new Error(`${type} has no topic or no sample`);
    const { about: ofClass, fields } = words.get(cls.name) ?? { about: '', fields: {} };
    const about = [ofClass, first.retired[type]].filter(Boolean).join(' ');
    return { type, topics: on, about, schema: described(schemaOf(first, type), fields), sample };
  });
}

function schemaOf({ venue: _venue, ...topic }: Topic, type: string): JsonSchema {
  return dataSchema(topic, type);
}

function described(schema: JsonSchema, words: ClassWords['fields']): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    name,
    words[name] ? { ...property, description: words[name] } : property,
  ]);
  return { ...schema, properties: Object.fromEntries(properties) as JsonSchema['properties'] & {} };
}
