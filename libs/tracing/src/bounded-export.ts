import type { Logger } from '@sluice/background';
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

/** A collector that is slow, away or lying costs spans, which are counted, and nothing else. */
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

  /** Whether one more span may wait. */
  admits(): boolean {
    if (this.waiting >= BoundedExporter.MOST_WAITING) {
      dropped.inc({ reason: 'queue_full' });
      return false;
    }
    this.waiting += 1;
    return true;
  }

  /** An answer that comes in drops for ever is none. */
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
      this.logger.warn({ err: error }, 'the collector does not take spans: they are lost');
    if (!hasFailed && this.isFailing) this.logger.info({}, 'the collector takes spans again');
    this.isFailing = hasFailed;
  }
}

export class BoundedProcessor implements SpanProcessor {
  constructor(
    private readonly batching: SpanProcessor,
    private readonly exporter: BoundedExporter,
  ) {}

  onStart(): void {
    // nothing to do before it has ended
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
