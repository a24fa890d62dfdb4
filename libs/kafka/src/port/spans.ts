import { SpanKind, type Attributes } from '@opentelemetry/api';
import type { Message, Topic } from '@sluice/messages';
import { beginSpan, type Span } from '@sluice/runtime/tracing';

type Batch = readonly Message<Topic>[];

/**
 * A span for each traced message of a batch, with the batch's duration and size; written messages
 * continue it.
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

/** A send span beside the receiver's span: signed content carries the span of the cause. */
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
