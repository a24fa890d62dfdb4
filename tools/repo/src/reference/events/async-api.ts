import { ALL_TOPICS, type Topic } from '@sluice/messages';
import type { EventType } from './event-types.js';

const HEADERS = {
  type: 'object',
  description:
    'CloudEvents 1.0 in Kafka’s binary mode: the attributes are headers, the value is the data alone',
  required: [
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'content-type',
  ],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', description: 'The message’s own id: a repeat keeps it' },
    ce_type: { type: 'string' },
    ce_source: { type: 'string', description: 'The service that has written it' },
    ce_subject: { type: 'string', description: 'The key of the record' },
    ce_time: { type: 'string', description: 'When it was decided, UTC' },
    ce_causationid: { type: 'string', description: 'The `ce_id` of the message that caused it' },
    ce_correlationid: { type: 'string' },
    traceparent: { type: 'string', description: 'W3C Trace Context' },
    'sluice-signature': {
      type: 'string',
      description:
        'On `withdrawal.events`: the Ed25519 signature of intake-api (docs/events.md). A reader refuses an event without it',
    },
    'content-type': { type: 'string', const: 'application/json' },
  },
};

/**
 * All topics as a single AsyncAPI 3 document. Writers and readers come from the table enforced by
 * the broker.
 */
export function asyncApi(types: readonly EventType[], version: string): object {
  const topics: readonly Topic[] = ALL_TOPICS;
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Sluice: messages',
      version,
      description:
        'Every topic with its types. `withdrawal.events` and `ledger.chain-heads` are for anybody; the others are how services talk to each other. A new field keeps the version of a type: ignore fields that you do not know.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [topic.name, channelOf(topic)])),
    operations: Object.fromEntries(topics.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(types.map((type) => [type.type, messageOf(type)])),
      schemas: Object.fromEntries(types.map(({ type, schema }) => [type, schema])),
      messageTraits: { cloudEvent: { headers: HEADERS } },
    },
  };
}

function channelOf({ name, key, types, venue, producedBy, consumedBy }: Topic): object {
  return {
    address: name,
    description: venue
      ? `The \`venue\` of each message is \`${venue}\`.`
      : `Keyed by \`${key}\`, so that messages about the same thing are on one partition.`,
    messages: Object.fromEntries(
      Object.keys(types).map((type) => [type, { $ref: `#/components/messages/${type}` }]),
    ),
    'x-key': key,
    'x-written-by': producedBy,
    'x-read-by': consumedBy ?? 'anybody',
  };
}

function operationsOf({ name, producedBy, consumedBy }: Topic): [string, object][] {
  const channel = { $ref: `#/channels/${name}` };
  const reader = consumedBy ?? 'anybody';
  return [
    [`${producedBy}.writes.${name}`, { action: 'send', channel, summary: `${producedBy} writes` }],
    [`${reader}.reads.${name}`, { action: 'receive', channel, summary: `${reader} reads` }],
  ];
}

function messageOf({ type, about, sample }: EventType): object {
  return {
    name: type,
    title: type,
    summary: about,
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    payload: { $ref: `#/components/schemas/${type}` },
    examples: [{ headers: sample.headers, payload: JSON.parse(sample.value) as object }],
  };
}
