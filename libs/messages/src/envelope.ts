import { hash } from 'node:crypto';
import { ok, refuse, type Result } from '@sluice/kernel';
import type { Body, Topic, TypeTable } from './topic.js';

/** CloudEvents 1.0 attributes of a message, with the id of the causing message. `id` is the deduplication key; a retry has the same id. */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  /** Kafka key: the subject of the message. */
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly traceparent?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
}

export type Message<T extends Topic> =
  T extends Topic<infer Types> ? Envelope & Body<Types> : never;

/** Message in the form of a Kafka record (CloudEvents binary mode: attributes are headers, the value is the data). */
export interface WireMessage {
  readonly topic: string;
  readonly key: string;
  /** Messages with the same ordering key are published in the order of their commits. The ordering key is the withdrawal's id on topics ordered by withdrawal, otherwise the Kafka key. Not sent. */
  readonly orderingKey: string;
  /** Consuming service: the message is signed for this service when published. Absent on public topics and for repeated messages. Not sent. */
  readonly consumer?: string;
  /** Other services that verify the message: each gets a MAC of its own when the message is published. Absent like `consumer`. Not sent. */
  readonly followers?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

type DecodeRefusal =
  | { kind: 'missing_header'; name: string }
  | { kind: 'unknown_type'; type: string }
  | { kind: 'not_json'; cause: string }
  | { kind: 'invalid'; type: string; faults: readonly string[] };

/** Encodes a message. Throws if the data violate the rules of the type: the fault is found before the message is stored. */
export function encode<T extends TypeTable>(
  topic: Topic<T>,
  message: Envelope & Body<T>,
): WireMessage {
  const faults = topic.rules.get(message.type)?.(message.data as Record<string, unknown>) ?? [
    `${message.type} is not a type of ${topic.name}`,
  ];
  if (faults.length > 0) throw new Error(`${topic.name} ${message.type}: ${faults.join('; ')}`);
  const withdrawalId =
    topic.orderedBy === 'withdrawal'
      ? (message.data as { withdrawalId?: string }).withdrawalId
      : undefined;
  return {
    topic: topic.name,
    key: message.subject,
    orderingKey: withdrawalId ?? message.subject,
    ...readersOf(topic, message.type),
    headers: headersOf(message),
    value: JSON.stringify(message.data),
  };
}

function readersOf(
  {
    consumedBy,
    followedBy,
    followedTypes,
  }: Pick<Topic, 'consumedBy' | 'followedBy' | 'followedTypes'>,
  type: string,
): Pick<WireMessage, 'consumer' | 'followers'> {
  if (consumedBy === null) return {};
  const isFollowed = followedBy.length > 0 && (followedTypes?.has(type) ?? true);
  return { consumer: consumedBy, ...(isFollowed && { followers: followedBy }) };
}

function headersOf(message: Envelope & { type: string }): Record<string, string> {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: message.id,
    ce_type: message.type,
    ce_source: message.source,
    ce_subject: message.subject,
    ce_time: message.time,
    'content-type': 'application/json',
  };
  if (message.traceparent !== undefined) headers['traceparent'] = message.traceparent;
  if (message.correlationId !== undefined) headers['ce_correlationid'] = message.correlationId;
  if (message.causationId !== undefined) headers['ce_causationid'] = message.causationId;
  return headers;
}

/** Decodes a record. Refuses records that are no valid message of this topic. Unknown extra fields are tolerated. */
export function decode<T extends TypeTable>(
  topic: Topic<T>,
  wire: Pick<WireMessage, 'key' | 'headers' | 'value'>,
): Result<Envelope & Body<T>, DecodeRefusal> {
  const { headers } = wire;
  const { ce_id: id, ce_type: type, ce_source: source, ce_time: time } = headers;
  if (!id || !type || !source || !time)
    return refuse({ kind: 'missing_header', name: REQUIRED.find((name) => !headers[name]) ?? '' });
  const rules = topic.rules.get(type);
  if (!rules) return refuse({ kind: 'unknown_type', type });

  const parsed = parseObject(wire.value);
  if (!parsed.ok) return refuse({ kind: 'not_json', cause: parsed.refusal });
  const faults = rules(parsed.value);
  if (faults.length > 0 || parsed.value[topic.key] !== wire.key) {
    return refuse({
      kind: 'invalid',
      type,
      faults:
        parsed.value[topic.key] === wire.key
          ? faults
          : [...faults, `${topic.key} is not the message key`],
    });
  }
  const message = { id, source, subject: wire.key, time, type, data: parsed.value };
  return ok(withCause(message, headers) as Envelope & Body<T>);
}

const REQUIRED = ['ce_id', 'ce_type', 'ce_source', 'ce_time'];

function withCause<M extends object>(
  message: M,
  headers: Readonly<Record<string, string>>,
): M & Pick<Envelope, 'traceparent' | 'correlationId' | 'causationId'> {
  const { traceparent, ce_correlationid: correlationId, ce_causationid: causationId } = headers;
  const cause: { -readonly [K in 'traceparent' | 'correlationId' | 'causationId']?: string } = {};
  if (traceparent !== undefined) cause.traceparent = traceparent;
  if (correlationId !== undefined) cause.correlationId = correlationId;
  if (causationId !== undefined) cause.causationId = causationId;
  return Object.assign(message, cause);
}

/** Returns the refusal as one line, for people and for the cause of a dead letter. */
export function describeRefusal(refusal: DecodeRefusal): string {
  switch (refusal.kind) {
    case 'missing_header':
      return `header ${refusal.name} is missing`;
    case 'unknown_type':
      return `unknown message type ${refusal.type}`;
    case 'not_json':
      return `value is not a JSON object: ${refusal.cause}`;
    case 'invalid':
      return `${refusal.type} is invalid: ${refusal.faults.join('; ')}`;
  }
}

function parseObject(text: string): Result<Record<string, unknown>, string> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? ok(value as Record<string, unknown>)
      : refuse(`it is ${JSON.stringify(value).slice(0, 40)}`);
  } catch (error) {
    return refuse((error as Error).message);
  }
}

/** UUIDv8 of a text: readers recognise a message published again by its id. */
export function derivedId(text: string): string {
  const hex = hash('sha256', text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
