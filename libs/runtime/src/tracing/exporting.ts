import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { Counter } from 'prom-client';
import type { Logger } from '../background/background-loop.js';
import type { SpanIds } from './traceparent.js';

export interface ExportOptions {
  readonly service: string;
  readonly version: string;
  /** URL of the collector; spans go to `/v1/traces` below this URL, according to OTLP over HTTP. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Authority of the collector's certificate as PEM; null: Node's defaults. */
  readonly caFile: string | null;
  readonly logger: Logger;
}

export interface Exporting {
  readonly tracer: Tracer;
  readonly ids: GivenIds;
  /** Sends the waiting spans, within at most 2 s, and stops. */
  readonly stop: () => Promise<void>;
}

const BATCH = 512;
const EVERY_MS = 1_000;
const CALL_WITHIN_MS = 5_000;
const STOP_WITHIN_MS = 2_000;
const CALLS_AT_ONCE = 2;

/** Starts the export. Every created span is exported: sampling is decided before. */
export function startExporting(options: ExportOptions): Exporting {
  const { service, version, endpoint, headers, caFile, logger } = options;
  const otlp = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: CALL_WITHIN_MS,
    concurrencyLimit: CALLS_AT_ONCE,
    ...(caFile !== null && { httpAgentOptions: { ca: readFileSync(caFile), keepAlive: true } }),
  });
  const exporter = new BoundedExporter(otlp, logger);
  const batching = new BatchSpanProcessor({
    exporter,
    maxExportBatchSize: BATCH,
    scheduledDelayMillis: EVERY_MS,
    maxQueueSize: BoundedExporter.MOST_WAITING,
  });
  const ids = new GivenIds();
  const provider = new TracerProvider({
    idGenerator: ids,
    sampler: new AlwaysOnSampler(),
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    spanProcessors: [new BoundedProcessor(batching, exporter)],
  });
  const stop = async (): Promise<void> => {
    // the exporter has counted the unsent spans
    const ended = provider.shutdown().catch(() => undefined);
    await Promise.race([ended, sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
  };
  return { tracer: provider.getTracer('sluice'), ids, stop };
}

/** Random ids, except for a span with ids already known to others. */
export class GivenIds implements IdGenerator {
  private readonly random = new RandomIdGenerator();
  private given: SpanIds | null = null;

  use<T>(ids: SpanIds, begin: () => T): T {
    this.given = ids;
    try {
      return begin();
    } finally {
      this.given = null;
    }
  }

  generateTraceId(): string {
    return this.given?.traceId ?? this.random.generateTraceId();
  }

  generateSpanId(): string {
    return this.given?.spanId ?? this.random.generateSpanId();
  }
}

type Done = Parameters<SpanExporter['export']>[1];

const dropped = new Counter({
  name: 'sluice_spans_dropped_total',
  help: 'Spans that no collector has got: too many waited, or it did not take them',
  labelNames: ['reason'],
});

const GIVE_UP_AFTER_MS = 10_000;
const FAILED = 1;

/** Exporter with a bounded queue: a faulty collector costs only counted spans. */
export class BoundedExporter implements SpanExporter {
  /** Queued, or sent and not answered yet. */
  static readonly MOST_WAITING = 4_096;

  private waiting = 0;
  private isFailing = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger,
  ) {
    dropped.inc({ reason: 'queue_full' }, 0);
    dropped.inc({ reason: 'not_exported' }, 0);
  }

  /** Returns true if the queue accepts a further span. */
  admits(): boolean {
    if (this.waiting >= BoundedExporter.MOST_WAITING) {
      dropped.inc({ reason: 'queue_full' });
      return false;
    }
    this.waiting += 1;
    return true;
  }

  /** Exports with a time limit: an answer trickling in counts as a failure. */
  export(spans: ReadableSpan[], done: Done): void {
    let isDone = false;
    const once: Done = (result) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(giveUp);
      this.answered(spans.length, result);
      done(result);
    };
    const late = () => once({ code: FAILED, error: new Error('no answer in time') });
    const giveUp = setTimeout(late, GIVE_UP_AFTER_MS).unref();
    this.exporter.export(spans, once);
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private answered(count: number, { code, error }: Parameters<Done>[0]): void {
    const hasFailed = code === FAILED;
    this.waiting -= count;
    if (hasFailed) dropped.inc({ reason: 'not_exported' }, count);
    if (hasFailed && !this.isFailing)
      this.logger.warn({ err: error }, 'the collector does not accept spans: spans are lost');
    if (!hasFailed && this.isFailing) this.logger.info({}, 'the collector accepts spans again');
    this.isFailing = hasFailed;
  }
}

export class BoundedProcessor implements SpanProcessor {
  constructor(
    private readonly batching: SpanProcessor,
    private readonly exporter: BoundedExporter,
  ) {}

  onStart(): void {
    // spans are handled only at their end
  }

  onEnd(span: ReadableSpan): void {
    if (this.exporter.admits()) this.batching.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.batching.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.batching.shutdown();
  }
}
