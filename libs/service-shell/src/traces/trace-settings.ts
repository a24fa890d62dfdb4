import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AdminRequest } from '@sluice/http-api';
import {
  type ConfigOf,
  type ConfigRule,
  isLoopback,
  type Logger,
  monotonicMs,
  pemFile,
  type RuleInput,
  Secret,
  secretFile,
  setting,
  url,
} from '@sluice/runtime';
import { RequestTrace, startTracing } from '@sluice/runtime/tracing';

/** Settings, with OpenTelemetry's own names where available. */
export const TRACE_SETTINGS = {
  /** Empty (default): tracing is off. */
  otlpEndpoint: url('OTEL_EXPORTER_OTLP_ENDPOINT', ''),
  otlpHeaders: secretFile(
    'OTEL_EXPORTER_OTLP_HEADERS',
    { fileInProduction: true, parse: (value) => (readHeaders(value), value) },
    new Secret(''),
  ),
  otlpCaFile: pemFile('OTEL_EXPORTER_OTLP_CERTIFICATE'),
  /** Sample ratio of traces beginning in this service. */
  traceSampleRatio: setting('TRACE_SAMPLE_RATIO', readRatio, 0),
} as const;

type TraceConfig = ConfigOf<typeof TRACE_SETTINGS>;
type TraceSettings = TraceConfig & { readonly nodeEnv: string; readonly tlsElsewhere: boolean };

export const TRACE_RULES: readonly ConfigRule<TraceSettings>[] = [nowhereToSend, sentPlainly];

/** Starts tracing. Resolves to a function for sending the last spans and stopping. */
export async function startTraces(
  service: string,
  config: TraceConfig & { readonly version: string },
  logger: Logger,
): Promise<() => Promise<void>> {
  const { otlpEndpoint: endpoint, otlpHeaders, otlpCaFile: caFile } = config;
  if (endpoint === '') return () => Promise.resolve();
  const { version, traceSampleRatio: sampleRatio } = config;
  const headers = readHeaders(otlpHeaders.reveal());
  return startTracing({ service, version, endpoint, headers, caFile, logger, sampleRatio });
}

function readRatio(value: string): number {
  const ratio = Number(value);
  if (!/^\d+(\.\d+)?$/.test(value) || ratio > 1) throw new Error('must be from 0 to 1');
  return ratio;
}

/** Parses headers in OpenTelemetry format: `name=value,name=value`, values percent-encoded. */
function readHeaders(value: string): Readonly<Record<string, string>> {
  const pairs = value === '' ? [] : value.split(',').map((pair) => pair.trim());
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', content = ''] = /^([\w-]+)=(.*)$/.exec(pair) ?? [];
      if (name === '') throw new Error('must be name=value,name=value');
      return [name, decodeURIComponent(content)];
    }),
  );
}

function nowhereToSend({
  config: { otlpEndpoint, traceSampleRatio = 0 },
}: RuleInput<TraceSettings>): readonly string[] {
  return traceSampleRatio > 0 && otlpEndpoint === ''
    ? ['OTEL_EXPORTER_OTLP_ENDPOINT is missing: with TRACE_SAMPLE_RATIO above 0 spans go somewhere']
    : [];
}

/** Requires TLS to the collector: spans reveal recipients, payment times and venues. */
function sentPlainly({
  config: { nodeEnv, otlpEndpoint, tlsElsewhere },
}: RuleInput<TraceSettings>): readonly string[] {
  if (nodeEnv !== 'production' || tlsElsewhere || !otlpEndpoint) return [];
  const { protocol, hostname } = new URL(otlpEndpoint);
  return protocol === 'http:' && !isLoopback(hostname)
    ? [
        'OTEL_EXPORTER_OTLP_ENDPOINT must begin with https:// in production, where the collector is on another machine',
      ]
    : [];
}

/** Frequently polled routes without useful traces. */
const UNTRACED = new Set(['/healthz', '/readyz', '/metrics']);

/** Assigns the work for a request to the request's trace; the trace ends with the response. */
export function traceRequests(fastify: FastifyInstance): void {
  const traces = new WeakMap<FastifyRequest, RequestTrace>();
  // Runs after the body is read: work waiting for body bytes would run outside of the trace.
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (UNTRACED.has(routeOf(request))) return done();
    const trace = new RequestTrace();
    traces.set(request, trace);
    aboutWithdrawal(trace, request.params);
    trace.run(done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const trace = traces.get(request);
    if (trace) end(trace, request, reply);
    done();
  });
}

function end(trace: RequestTrace, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode: status, elapsedTime } = reply;
  const { method, raw } = request;
  const route = routeOf(request);
  trace.end({
    name: `${method} ${route}`,
    attributes: {
      'http.request.id': request.id,
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
    },
    sinceMs: monotonicMs() - elapsedTime,
    fault: status >= 500 ? `answered with ${status}` : null,
    claimed: raw.headers['traceparent'],
    isService: (request as AdminRequest).caller?.kind === 'service',
  });
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

/** Links the trace to the withdrawal named by id in an operator's request. */
function aboutWithdrawal(trace: RequestTrace, params: unknown): void {
  const { withdrawalId } = (params ?? {}) as { withdrawalId?: unknown };
  if (typeof withdrawalId === 'string') trace.isAbout(withdrawalId, 'later');
}
