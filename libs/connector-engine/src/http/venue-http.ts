import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Histogram } from 'prom-client';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import { parseWireJson } from '@sluice/kernel';
import { crashAt, monotonicMs, type OutgoingProxy, tunnelConnector } from '@sluice/runtime';
import { beginCall, type Span } from '@sluice/runtime/tracing';
import manifest from '../../package.json' with { type: 'json' };
import type { VenueClock } from '../clock/venue-clock.js';
import {
  type AnswerHeaders,
  foreignCause,
  retryAfterMs,
  timeOfHeader,
  type VenueSpeech,
} from './venue-speech.js';
import type { VenuePauses } from './venue-pauses.js';

export interface VenueRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query as they go on the wire. */
  readonly path: string;
  /** The path contains a key, as at many RPC nodes; spans omit the path. */
  readonly pathIsSecret?: true;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** True for a call moving money: crash points apply to the call (libs/runtime/src/crash-point). */
  readonly pays?: boolean;
  /** Name of the endpoint in the rate plan. */
  readonly endpoint?: string;
  /** Default: every JSON, and every empty body, is an answer of the venue. */
  readonly speech?: VenueSpeech;
}

/**
 * Result of a call. `answer`: of the venue. `foreign`: of another party; the venue may have the
 * request. `not_sent`: proven, no connection was made. `broken`: anything else.
 */
export type VenueAnswer =
  | { kind: 'answer'; status: number; headers: AnswerHeaders; text: string; json: unknown }
  | { kind: 'foreign'; cause: string; status: number; text: string; retryAfterMs: number }
  | { kind: 'not_sent'; cause: string }
  | { kind: 'broken'; cause: string; status: number | null; text: string };

/** Result returned without a call if the venue time for the signature is unknown. */
export const TIME_UNKNOWN: VenueAnswer = {
  kind: 'not_sent',
  cause: 'the time of the venue is not known yet',
};

interface VenueHttpOptions {
  readonly origin: string;
  /** Receives the time named in each answer as a reading. */
  readonly clock: Pick<VenueClock, 'observe'>;
  readonly connections: number;
  readonly connectTimeoutMs?: number;
  readonly maxResponseBytes?: number;
  /** Proxy to the origin; null or unset: direct connections. */
  readonly proxy?: OutgoingProxy | null;
  /** Hears each answer before the caller. */
  readonly pauses?: Pick<VenuePauses, 'received'>;
}

const MOST_BYTES = 8 * 1024 * 1024;

/** Connection pool of a venue: keep-alive, bounded, without redirects or automatic retries. */
export class VenueHttp implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly clock: Pick<VenueClock, 'observe'>;
  private readonly host: string;
  private readonly mostBytes: number;

  constructor(private readonly options: VenueHttpOptions) {
    this.clock = options.clock;
    this.host = new URL(options.origin).host;
    const { proxy = null, origin, connectTimeoutMs: timeoutMs = 5_000 } = options;
    this.mostBytes = options.maxResponseBytes ?? MOST_BYTES;
    const tunnel = proxy === null ? null : tunnelConnector({ origin, proxy, timeoutMs });
    this.pool = new Pool(origin, {
      connections: options.connections,
      // a second request behind a failing request would fail as well, without being the cause
      pipelining: 1,
      connect: marked(tunnel ?? buildConnector({ timeout: timeoutMs, allowH2: false })),
      keepAliveTimeout: 10_000,
      maxResponseSize: this.mostBytes,
      allowH2: false,
    });
  }

  /** Never throws: every failure is a result. */
  async call(request: VenueRequest): Promise<VenueAnswer> {
    const sinceMs = monotonicMs();
    const span = beginCallSpan(this.host, request);
    const answer = await this.send(request);
    if (span) endCallSpan(span, answer);
    measureCall(request, answer, monotonicMs() - sinceMs);
    await this.options.pauses?.received(request, answer);
    return answer;
  }

  private async send(request: VenueRequest): Promise<VenueAnswer> {
    let status: number | null = null;
    const askedAtMs = monotonicMs();
    try {
      const response = await this.pool.request({
        method: request.method,
        path: request.path,
        headers: { ...OUTGOING_HEADERS, ...request.headers },
        ...(request.body !== undefined && { body: request.body }),
        signal: AbortSignal.timeout(request.timeoutMs),
      });
      // The venue has every byte and answers, and the outcome exists only at the venue.
      if (request.pays) crashAt('connector.at-answer');
      const answeredAtMs = monotonicMs();
      status = response.statusCode;
      const answer = await this.readAnswer(response, request.speech);
      // the clock of another party says nothing about the clock of the venue
      if (answer.kind !== 'foreign')
        this.readClock(response.headers['date'], { askedAtMs, answeredAtMs });
      return answer;
    } catch (error) {
      if (error instanceof NotConnectedError)
        return { kind: 'not_sent', cause: `no connection: ${error.message}` };
      return { kind: 'broken', cause: codeOf(error), status, text: '' };
    }
  }

  private async readAnswer(
    { statusCode: status, headers, body }: Dispatcher.ResponseData,
    speech: VenueSpeech | undefined,
  ): Promise<VenueAnswer> {
    const bytes = Buffer.from(await body.arrayBuffer());
    const text = await readBody(bytes, String(headers['content-encoding'] ?? ''), this.mostBytes);
    const json = jsonOf(text);
    const cause = speech ? foreignCause(speech, { status, headers, text, json }) : null;
    if (cause !== null)
      return { kind: 'foreign', cause, status, text, retryAfterMs: retryAfterMs(headers) };
    // An empty body has no type and needs none (202, 204).
    if (json === undefined && text !== '') {
      const type = String(headers['content-type'] ?? 'no content type').slice(0, 60);
      return { kind: 'broken', cause: `status ${status} with unreadable ${type}`, status, text };
    }
    return { kind: 'answer', status, headers, text, json };
  }

  /** The header cuts to whole seconds. */
  private readClock(
    date: unknown,
    at: { readonly askedAtMs: number; readonly answeredAtMs: number },
  ): void {
    const timeMs = timeOfHeader(date);
    if (timeMs !== null) this.clock.observe({ timeMs, ...at, stepMs: 1_000 });
  }

  /** Runs after the last call of the users of this pool. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}

/** Venue time of this answer in milliseconds; null if the answer names no time. */
export function timeOfAnswer({ headers }: { readonly headers: AnswerHeaders }): number | null {
  return timeOfHeader(headers['date']);
}

/** The body counts, not its content type; undefined for a body that is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : parseWireJson(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}

/** Path prefix of a venue's API, e.g. `/api/v4`; empty if the API is at the root. */
export function pathPrefix(baseUrl: string): string {
  return new URL(baseUrl).pathname.replace(/\/$/, '');
}

/**
 * Begins a span for a call of a traced submission. The venue receives no trace data, and the query
 * string is left out: it may hold the signature.
 */
function beginCallSpan(
  host: string,
  { method, path, pathIsSecret, pays = false }: VenueRequest,
): Span | null {
  return beginCall(`${method} ${host}`, {
    'http.request.method': method,
    'server.address': host,
    ...(pathIsSecret !== true && { 'url.path': path.split('?', 1)[0] ?? '' }),
    'sluice.pays': pays,
  });
}

function endCallSpan(span: Span, answer: VenueAnswer): void {
  const status = answer.kind === 'not_sent' ? null : answer.status;
  span.end(answer.kind === 'answer' ? null : answer.cause, {
    'sluice.outcome': answer.kind,
    ...(status !== null && { 'http.response.status_code': status }),
  });
}

const durations = new Histogram({
  name: 'sluice_venue_call_duration_seconds',
  help: 'Calls to the venue by result: a status class, foreign for an answer of another party, not_sent without a connection, broken if the connection ended during the call',
  labelNames: ['method', 'pays', 'outcome'],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});

/** Paths contain ids and are no label. `pays` separates calls that move money from queries. */
function measureCall(
  { method, pays = false }: Pick<VenueRequest, 'method' | 'pays'>,
  answer: VenueAnswer,
  tookMs: number,
): void {
  const outcome = answer.kind === 'answer' ? `${Math.floor(answer.status / 100)}xx` : answer.kind;
  durations.observe({ method, pays: String(pays), outcome }, tookMs / 1_000);
}

/** No connection came about: no byte of the request has left. */
class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
  readonly code = 'NOT_CONNECTED';

  constructor(cause: Error) {
    super(causeOf(cause), { cause });
  }
}

/** Marks each failure before the connection is handed over: only then does undici write a request. */
function marked(connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connect(target, (...[error, socket]: Parameters<buildConnector.Callback>) =>
      error === null ? callback(null, socket) : callback(new NotConnectedError(error), null),
    );
}

function causeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  // Several addresses were tried.
  if ('errors' in error && Array.isArray(error.errors)) return causeOf(error.errors[0]);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'message' in error ? String(error.message) : String(error);
}

const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: inflateEither,
} as const;

type Limit = { readonly maxOutputLength: number };

/**
 * Text of a body in the named encodings, or gzip without a header. Throws if it cannot be decoded
 * or is longer than `longest`.
 */
async function readBody(bytes: Buffer, encodings: string, longest: number): Promise<string> {
  let body = bytes;
  for (const name of encodingsOf(encodings, bytes)) {
    if (!Object.hasOwn(DECODERS, name)) throw new Error(`unknown content encoding ${name}`);
    body = await DECODERS[name as keyof typeof DECODERS](body, { maxOutputLength: longest });
  }
  return new TextDecoder(charsetOf(body)).decode(body);
}

function encodingsOf(header: string, bytes: Buffer): string[] {
  const named = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse();
  if (bytes.length === 0) return [];
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return named.length === 0 && isGzip ? ['gzip'] : named;
}

/** Servers send `deflate` with and without the zlib header. */
async function inflateEither(bytes: Buffer, limit: Limit): Promise<Buffer> {
  return ((bytes[0] ?? 0) & 0x0f) === 8
    ? promisify(inflate)(bytes, limit)
    : promisify(inflateRaw)(bytes, limit);
}

/** The decoder removes the mark of each. */
function charsetOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/** Headers of each request to a venue, outside of every signature. */
const OUTGOING_HEADERS = {
  'user-agent': `sluice/${manifest.version}`,
  'accept-encoding': 'identity',
} as const;
