import { ok, refuse, type Result } from '@sluice/result';
import type { Body, Topic, TypeTable } from './topic.js';

/** CloudEvents 1.0 attributes of one message, plus what ties it to its cause. `id` is the deduplication key; a retry keeps it. */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  /** The Kafka key: what the message is about. */
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly traceparent?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
}

export type Message<T extends Topic> =
  T extends Topic<infer Types> ? Envelope & Body<Types> : never;

/** A message as Kafka carries it (CloudEvents binary mode: attributes are headers, the value is the data alone). */
export interface WireMessage {
  readonly topic: string;
  readonly key: string;
  /** Messages with the same ordering key are published in the order of their commits: the withdrawal's id where the topic is ordered by withdrawal and there is one, else the key. Not sent. */
  readonly orderingKey: string;
  /** The service that consumes it, for which it is signed as it is published; absent on a topic that anybody may read, and on what is sent again. Not sent. */
  readonly consumer?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

export type DecodeRefusal =
  | { kind: 'missing_header'; name: string }
  | { kind: 'unknown_type'; type: string }
  | { kind: 'not_json'; cause: string }
  | { kind: 'invalid'; type: string; faults: readonly string[] };

/** Writes one message. Throws when the data breaks its own rules: that is a fault of ours, found before it is stored. */
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
    ...(topic.consumedBy !== null && { consumer: topic.consumedBy }),
    headers: headersOf(message),
    value: JSON.stringify(message.data),
  };
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

/** Reads what came over the wire; refuses anything that is not exactly a message of this topic. Unknown extra fields are tolerated. */
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

/** One line for people and for the dead letter's cause. */
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
