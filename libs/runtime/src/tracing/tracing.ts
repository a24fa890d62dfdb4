import {
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Link,
  type Span as OpenSpan,
  type SpanKind,
} from '@opentelemetry/api';
import { monotonicMs } from '../clock/process-clock.js';
import type { Exporting, ExportOptions } from './exporting.js';
import {
  firstSpanOf,
  isSampledAt,
  sampledIds,
  type SpanIds,
  traceIdOf,
  traceparentOf,
} from './traceparent.js';

interface TracingOptions extends ExportOptions {
  /** Share of traces begun by this service; other services' decisions are followed. */
  readonly sampleRatio: number;
}

let running: (Exporting & { readonly sampleRatio: number }) | null = null;

/**
 * Without a start no tracing package is loaded. Resolves to a function that sends the last spans.
 */
export async function startTracing({
  sampleRatio,
  ...options
}: TracingOptions): Promise<() => Promise<void>> {
  const { startExporting } = await import('./exporting.js');
  const exporting = startExporting(options);
  running = { ...exporting, sampleRatio };
  return async () => {
    running = null;
    await exporting.stop();
  };
}

/** For messages without a traced cause; undefined if not sampled. */
export function withdrawalTraceparent(withdrawalId: string): string | undefined {
  const ids = running && sampledWithdrawal(withdrawalId);
  return ids ? traceparentOf(ids) : undefined;
}

/** First span of a withdrawal's trace; null if this service would not sample it. */
export function sampledWithdrawal(withdrawalId: string): SpanIds | null {
  const traceId = running && traceIdOf(withdrawalId);
  return traceId && isSampled(traceId) ? firstSpanOf(traceId) : null;
}

export function isSampled(traceId: string): boolean {
  return running !== null && isSampledAt(running.sampleRatio, traceId);
}

/** Returns the trace id field for a log line about a withdrawal. */
export function traceFields(fields: object): { trace_id?: string } {
  const id = 'withdrawalId' in fields ? fields.withdrawalId : undefined;
  const traceId = running && typeof id === 'string' ? traceIdOf(id) : null;
  return traceId === null ? {} : { trace_id: traceId };
}

interface SpanOptions {
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: readonly SpanIds[];
  /** Start time by `monotonicMs` (default: now). */
  readonly sinceMs?: number;
}

export class Span {
  constructor(private readonly span: OpenSpan) {}

  /** `traceparent` for work caused by this span. */
  get traceparent(): string {
    return traceparentOf(this.span.spanContext());
  }

  /** Ends the span. `fault`: description of a failure. */
  end(fault?: string | null, attributes: Attributes = {}): void {
    this.span.setAttributes(attributes);
    if (fault) this.span.setStatus({ code: SpanStatusCode.ERROR, message: fault.slice(0, 200) });
    this.span.end(monotonicMs());
  }
}

/** Begins a child span of `traceparent`; null if the parent is not sampled or tracing is off. */
export function beginSpan(
  name: string,
  traceparent: string | null | undefined,
  options: SpanOptions,
): Span | null {
  const parent = running && traceparent ? sampledIds(traceparent) : null;
  return parent && new Span(start(name, options, contextOf(parent)));
}

/** Begins a span with known ids: a child of `parent`, or the first span of the trace. */
export function beginSpanAs(
  ids: SpanIds,
  name: string,
  parent: SpanIds | null,
  options: SpanOptions,
): Span | null {
  const context = parent ? contextOf(parent) : ROOT_CONTEXT;
  return running && new Span(running.ids.use(ids, () => start(name, options, context)));
}

/** Returns ids for a request not yet linked to a withdrawal; null if tracing is off. */
export function newIds(): SpanIds | null {
  return (
    running && {
      traceId: running.ids.generateTraceId(),
      spanId: running.ids.generateSpanId(),
    }
  );
}

function start(name: string, options: SpanOptions, context: Context): OpenSpan {
  const { kind, attributes = {}, links = [], sinceMs = monotonicMs() } = options;
  const tracer = running?.tracer ?? trace.getTracer('sluice');
  return tracer.startSpan(
    name,
    { kind, attributes, links: links.map(linkTo), startTime: sinceMs },
    context,
  );
}

function contextOf(ids: SpanIds): Context {
  return trace.setSpanContext(ROOT_CONTEXT, contextIn(ids));
}

function linkTo(ids: SpanIds): Link {
  return { context: contextIn(ids) };
}

function contextIn(ids: SpanIds) {
  return { ...ids, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}
