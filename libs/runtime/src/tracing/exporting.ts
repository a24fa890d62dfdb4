import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  RandomIdGenerator,
  TracerProvider,
  type IdGenerator,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../background/logger.js';
import { BoundedExporter, BoundedProcessor } from './bounded-export.js';
import type { SpanIds } from './traceparent.js';

export interface ExportOptions {
  readonly service: string;
  readonly version: string;
  /** URL of the collector; spans go to `/v1/traces` below this URL, according to OTLP over HTTP. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * PEM file of the authority for the collector's certificate; null: Node's default authorities.
   */
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

  /** Uses `ids` for the single span created by `begin`. */
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
