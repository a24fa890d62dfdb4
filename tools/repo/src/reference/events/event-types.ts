import { ALL_TOPICS, dataSchema, type JsonSchema, type Topic } from '@sluice/messages';
import type { ClassWords } from './doc-comments.js';

/** A message as sent over the wire, from the golden samples. */
export interface Sample {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A message type, on any number of topics. */
export interface EventType {
  readonly type: string;
  readonly topics: readonly Topic[];
  readonly about: string;
  /**
   * Schema of the type's data, with a description of each documented field. For a type on venue
   * topics, the schema of any venue.
   */
  readonly schema: JsonSchema;
  readonly sample: Sample;
}

/** Sources of descriptions and samples. */
export interface Sources {
  readonly words: ReadonlyMap<string, ClassWords>;
  samplesOf(topic: string, type: string): readonly Sample[];
}

/** All message types allowed on a topic, by name. */
export function eventTypes({ words, samplesOf }: Sources): readonly EventType[] {
  const topics: readonly Topic[] = ALL_TOPICS;
  const names = new Set(topics.flatMap(({ types }) => Object.keys(types)));
  return [...names].sort().map((type) => {
    const on = topics.filter(({ types }) => type in types);
    const [first] = on;
    const cls = first?.types[type];
    const [sample] = samplesOf(first?.name ?? '', type);
    if (!first || !cls || !sample) throw new Error(`${type} has no topic or no sample`);
    const { about, fields } = words.get(cls.name) ?? { about: '', fields: {} };
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
