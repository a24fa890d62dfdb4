import { schemaChanges, type Schema } from './schema-changes.js';

/** Compared parts of our AsyncAPI documents. */
export interface EventsDocument {
  readonly channels: Readonly<Record<string, Channel>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Channel {
  readonly messages: Readonly<Record<string, unknown>>;
  readonly 'x-key': string;
  readonly 'x-read-by': string;
}

/**
 * Incompatible changes, each as a sentence: for older readers of new messages, and for today's
 * readers of older messages. A type keeps the version only if messages of both versions are valid
 * for both. New fields are optional, and no other part of the type changes.
 */
export function messageChanges(older: EventsDocument, newer: EventsDocument): string[] {
  return [
    ...Object.entries(older.channels).flatMap(([topic, channel]) => {
      const now = newer.channels[topic];
      return now ? channelChanges(topic, channel, now) : [`${topic}: is gone`];
    }),
    ...Object.entries(older.components.schemas).flatMap(([type, schema]) => {
      const now = newer.components.schemas[type];
      return now ? typeChanges(type, schema, now) : [];
    }),
  ];
}

function channelChanges(topic: string, before: Channel, after: Channel): string[] {
  return [
    ...(before['x-key'] === after['x-key'] ? [] : [`${topic}: its key is now ${after['x-key']}`]),
    ...(before['x-read-by'] !== 'anybody' || after['x-read-by'] === 'anybody'
      ? []
      : [`${topic}: may no longer be read by anybody`]),
    ...Object.keys(before.messages)
      .filter((type) => !(type in after.messages))
      .map((type) => `${topic}: ${type} is gone`),
  ];
}

function typeChanges(type: string, before: Schema, after: Schema): string[] {
  const resolve = () => ({});
  const [older, newer] = [
    { schema: before, resolve },
    { schema: after, resolve },
  ];
  return [
    ...new Set([
      ...schemaChanges(older, newer, 'answered', type),
      ...schemaChanges(older, newer, 'asked', type),
    ]),
  ];
}
