import type { Logger } from '../background/logger.js';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { Counter } from 'prom-client';

type Done = Parameters<SpanExporter['export']>[1];

const dropped = new Counter({
  name: 'sluice_spans_dropped_total',
  help: 'Spans that no collector has got: too many waited, or it did not take them',
  labelNames: ['reason'],
});

const GIVE_UP_AFTER_MS = 10_000;
const FAILED = 1;

/**
 * Exporter with a bounded queue: a slow, unavailable or faulty collector costs only spans, and lost
 * spans are counted.
 */
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

  /**
   * Exports spans with a time limit: an answer not complete in time (for example trickling in)
   * counts as a failure.
   */
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
