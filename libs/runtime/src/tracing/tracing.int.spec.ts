import type { RequestListener } from 'node:http';
import { SpanKind } from '@opentelemetry/api';
import { TraceCollector } from '@sluice/test-kit';
import { register } from 'prom-client';
import {
  beginSpan,
  RequestTrace,
  startTracing,
  traceFields,
  withdrawalTraceparent,
} from '../tracing.js';

const ID = '0199a3c4-5b6d-7e8f-9a0b-1c2d3e4f5061';
const TRACE = '0199a3c45b6d7e8f9a0b1c2d3e4f5061';
const SILENT = { debug: noop, info: noop, warn: noop, error: noop };

describe('tracing', () => {
  let collector: TraceCollector;
  let stop: () => Promise<void>;
  beforeEach(async () => void (collector = await TraceCollector.start()));
  afterEach(async () => {
    await stop();
    await collector.stop();
  });

  const start = async (sampleRatio: number) => {
    stop = await startTracing({
      service: 'ledger',
      version: 'a test',
      headers: {},
      caFile: null,
      logger: SILENT,
      endpoint: collector.endpoint,
      sampleRatio,
    });
  };
  const request = (isService: boolean, claimed: unknown) => ({
    name: 'GET /x',
    attributes: {},
    sinceMs: performance.now(),
    fault: null,
    claimed,
    isService,
  });

  it('exports a sampled withdrawal as one trace across all services, and no unsampled withdrawal', async () => {
    await start(1);
    const trace = new RequestTrace();
    trace.isAbout(ID, 'first');
    const traceparent = withdrawalTraceparent(ID);
    const next = beginSpan('process', traceparent, { kind: SpanKind.CONSUMER });
    beginSpan('below', next?.traceparent, { kind: SpanKind.CLIENT })?.end('it failed');
    next?.end();
    trace.end(request(false, null));
    await stop();

    const [below, process, first] = ['below', 'process', 'GET /x'].map((name) =>
      collector.spans.find((span) => span.name === name),
    );
    expect(collector.spans.map(({ traceId }) => traceId)).toEqual([TRACE, TRACE, TRACE]);
    expect(first?.parentSpanId ?? '').toBe('');
    expect(process?.parentSpanId).toBe(first?.spanId);
    expect(below?.parentSpanId).toBe(process?.spanId);
    expect(traceFields({ withdrawalId: ID })).toEqual({});

    await start(0);
    expect(traceFields({ withdrawalId: ID })).toEqual({ trace_id: TRACE });
    expect(withdrawalTraceparent(ID)).toBeUndefined();
  });

  it('is not made to trace by a stranger, and goes on with the trace of a service', async () => {
    await start(0);
    const claimed = `00-${TRACE}-${'a'.repeat(16)}-01`;
    new RequestTrace().end(request(false, claimed));
    new RequestTrace().end(request(true, claimed));
    await stop();
    expect(collector.spans).toMatchObject([{ traceId: TRACE, parentSpanId: 'a'.repeat(16) }]);

    await start(1);
    collector.spans.length = 0;
    new RequestTrace().end(request(false, claimed));
    await stop();
    expect(collector.spans).toMatchObject([{ links: [{ traceId: TRACE }] }]);
    expect(collector.spans[0]?.traceId).not.toBe(TRACE);
  });

  it.each<[string, RequestListener]>([
    ['says no', (_request, response) => void response.writeHead(400).end('no')],
    ['breaks off', (request) => void request.socket.destroy()],
    ['answers nothing', noop],
    [
      'talks for ever',
      (_request, response) => {
        const talking = setInterval(() => response.write('.'), 50);
        response.on('close', () => clearInterval(talking));
      },
    ],
  ])('loses spans, counted, and nothing else to a collector that %s', async (_, lying) => {
    collector.answer = lying;
    await start(1);
    const before = await dropped();
    for (let count = 0; count < 6_000; count++)
      beginSpan('s', withdrawalTraceparent(ID), { kind: SpanKind.INTERNAL })?.end();
    await stop();

    expect((await dropped()) - before).toBeGreaterThan(1_000);
  });
});

async function dropped(): Promise<number> {
  const metric = await register.getSingleMetric('sluice_spans_dropped_total')?.get();
  return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
}

function noop(): void {
  // says and does nothing
}
