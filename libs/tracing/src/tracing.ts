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
import { monotonicMs } from '@sluice/clock';
import type { Exporting, ExportOptions } from './exporting.js';
import { sampledIds, traceparentOf, type SpanIds } from './traceparent.js';
import { firstSpanOf, isSampledAt, traceIdOf } from './withdrawal-trace.js';

export interface TracingOptions extends ExportOptions {
  /** The share of withdrawals, and of other requests, that begin here and are traced. What another service began is traced as it says. */
  readonly sampleRatio: number;
}

let running: (Exporting & { readonly sampleRatio: number }) | null = null;

/** Until then, and without it, no span is made, and the packages that make them are not loaded. Resolves to what sends the last ones and stops. */
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

/** For messages about a withdrawal that no traced message has caused: undefined where it is not sampled. */
export function withdrawalTraceparent(withdrawalId: string): string | undefined {
  const ids = running && sampledWithdrawal(withdrawalId);
  return ids ? traceparentOf(ids) : undefined;
}

/** The first span of the trace of a withdrawal; null where this service would not begin one. */
export function sampledWithdrawal(withdrawalId: string): SpanIds | null {
  const traceId = running && traceIdOf(withdrawalId);
  return traceId && isSampled(traceId) ? firstSpanOf(traceId) : null;
}

export function isSampled(traceId: string): boolean {
  return running !== null && isSampledAt(running.sampleRatio, traceId);
}

/** What a line of the log says beside its own fields: which trace it belongs to, where it is about a withdrawal. */
export function traceFields(fields: object): { trace_id?: string } {
  const id = 'withdrawalId' in fields ? fields.withdrawalId : undefined;
  const traceId = running && typeof id === 'string' ? traceIdOf(id) : null;
  return traceId === null ? {} : { trace_id: traceId };
}

export interface SpanOptions {
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: readonly SpanIds[];
  /** By `monotonicMs`; unless told now. */
  readonly sinceMs?: number;
}

/** A span under way. */
export class Span {
  constructor(private readonly span: OpenSpan) {}

  /** For what it causes. */
  get traceparent(): string {
    return traceparentOf(this.span.spanContext());
  }

  /** With a fault when it failed. */
  end(fault?: string | null, attributes: Attributes = {}): void {
    this.span.setAttributes(attributes);
    if (fault) this.span.setStatus({ code: SpanStatusCode.ERROR, message: fault.slice(0, 200) });
    this.span.end(monotonicMs());
  }
}

/** A span below that of `traceparent`; null where that one is not sampled, or nothing is traced here. */
export function beginSpan(
  name: string,
  traceparent: string | null | undefined,
  options: SpanOptions,
): Span | null {
  const parent = running && traceparent ? sampledIds(traceparent) : null;
  return parent && new Span(start(name, options, contextOf(parent)));
}

/** One whose ids are known already: below `parent`, or the first of its trace. */
export function beginSpanAs(
  ids: SpanIds,
  name: string,
  parent: SpanIds | null,
  options: SpanOptions,
): Span | null {
  const context = parent ? contextOf(parent) : ROOT_CONTEXT;
  return running && new Span(running.ids.use(ids, () => start(name, options, context)));
}

/** Of a request that is about no withdrawal yet. */
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
