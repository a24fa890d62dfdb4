import { SpanKind, type Attributes } from '@opentelemetry/api';
import type { Message, Topic } from '@sluice/messages';
import { beginSpan, type Span } from '@sluice/runtime/tracing';

type Batch = readonly Message<Topic>[];

/**
 * Creates a span for each traced message of a batch, because the trace of a withdrawal must include
 * this step. The spans share their duration and state the number of messages. Messages written by
 * the handler continue the span of the causing message.
 */
export async function inProcessSpans(
  topic: string,
  batch: Batch,
  handler: (batch: Batch) => Promise<void>,
): Promise<void> {
  if (!batch.some(isTraced)) return handler(batch);
  const spans: Span[] = [];
  const traced = batch.map((message) => {
    const span = beginSpan(`process ${message.type}`, message.traceparent, {
      kind: SpanKind.CONSUMER,
      attributes: attributesOf('process', topic, message.id, batch.length),
    });
    if (span === null) return message;
    spans.push(span);
    return { ...message, traceparent: span.traceparent };
  });
  await ending(spans, () => handler(traced));
}

/**
 * Creates a send span for each traced message. The record still carries the span of the cause,
 * because signed content is not changed in transit. The send span is a sibling of the receiver's
 * span.
 */
export async function inSendSpans(
  messages: readonly Outgoing[],
  send: () => Promise<void>,
): Promise<void> {
  const spans = messages.flatMap(({ topic, headers }) => {
    const { traceparent, ce_type: type = topic, ce_id: id = '' } = headers;
    const kind = SpanKind.PRODUCER;
    const attributes = attributesOf('send', topic, id, messages.length);
    return traceparent === undefined
      ? []
      : (beginSpan(`send ${type}`, traceparent, { kind, attributes }) ?? []);
  });
  await ending(spans, send);
}

interface Outgoing {
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
}

function isTraced({ traceparent }: Message<Topic>): boolean {
  return traceparent !== undefined;
}

async function ending(spans: readonly Span[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
    for (const span of spans) span.end();
  } catch (error) {
    for (const span of spans) span.end(String(error));
    throw error;
  }
}

function attributesOf(type: string, topic: string, id: string, count: number): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.type': type,
    'messaging.destination.name': topic,
    'messaging.message.id': id,
    'messaging.batch.message_count': count,
  };
}
