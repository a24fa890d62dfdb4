import type { OnApplicationShutdown } from '@nestjs/common';
import { monotonicMs } from '@sluice/clock';
import { crashAt } from '@sluice/crash-point';
import { parseLongIds } from '@sluice/exact-json';
import { Pool, type Dispatcher } from 'undici';
import { measureCall } from './call-durations.js';
import { beginCallSpan, endCallSpan } from './call-span.js';
import type { VenueClock } from '../clock/venue-clock.js';

export interface VenueRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query as they go on the wire. */
  readonly path: string;
  /** The path holds a key, as that of many an RPC node does: no span shows it. */
  readonly pathIsSecret?: true;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** A call that moves money: crash points lie on its way (docs/operations.md). */
  readonly pays?: boolean;
}

/**
 * What came back: a whole answer · `not_sent`, proven because no connection came about · `broken`, anything else, of which
 * nobody can say how far it got.
 */
export type VenueAnswer =
  | {
      kind: 'answer';
      status: number;
      headers: Readonly<Record<string, string | string[] | undefined>>;
      text: string;
      json: unknown;
    }
  | { kind: 'not_sent'; cause: string }
  | { kind: 'broken'; cause: string; status: number | null; text: string };

/** What a client answers instead of calling with a signature whose time it does not know. */
export const TIME_UNKNOWN: VenueAnswer = {
  kind: 'not_sent',
  cause: 'the time of the venue is not known yet',
};

export interface VenueHttpOptions {
  readonly origin: string;
  /** Every answer that names its time is a reading of it. */
  readonly clock: Pick<VenueClock, 'observe'>;
  readonly connections: number;
  readonly connectTimeoutMs?: number;
  readonly maxResponseBytes?: number;
}

// Errors of the phase before a connection exists: no byte of the request can have left.
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // whoever answered has not proven to be the venue: undici writes only once that is proven
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** One venue's connections: kept alive, bounded, no redirects followed, nothing sent twice by itself. */
export class VenueHttp implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly clock: Pick<VenueClock, 'observe'>;
  private readonly host: string;

  constructor(options: VenueHttpOptions) {
    this.clock = options.clock;
    this.host = new URL(options.origin).host;
    this.pool = new Pool(options.origin, {
      connections: options.connections,
      pipelining: 1, // a second request behind one that fails would share its fate without having caused it
      connectTimeout: options.connectTimeoutMs ?? 5_000,
      keepAliveTimeout: 10_000,
      maxResponseSize: options.maxResponseBytes ?? 8 * 1024 * 1024,
      allowH2: false,
    });
  }

  /** Never throws: every way in which a call can go wrong is an answer. */
  async call(request: VenueRequest): Promise<VenueAnswer> {
    const sinceMs = monotonicMs();
    const span = beginCallSpan(this.host, request);
    const answer = await this.send(request);
    if (span) endCallSpan(span, answer);
    measureCall(request, answer, monotonicMs() - sinceMs);
    return answer;
  }

  private async send(request: VenueRequest): Promise<VenueAnswer> {
    let status: number | null = null;
    const askedAtMs = monotonicMs();
    try {
      const response = await this.pool.request({
        method: request.method,
        path: request.path,
        headers: { ...request.headers },
        ...(request.body !== undefined && { body: request.body }),
        signal: AbortSignal.timeout(request.timeoutMs),
      });
      // connector.at-answer: the venue has every byte and has begun to answer; we have read none of it. The surest moment at which its
      // outcome exists there and not here, without a hook into the socket.
      if (request.pays) crashAt('connector.at-answer');
      this.readClock(response.headers['date'], askedAtMs);
      status = response.statusCode;
      return await readAnswer(response);
    } catch (error) {
      const code = codeOf(error);
      if (status === null && NO_CONNECTION.has(code))
        return { kind: 'not_sent', cause: `no connection: ${code}` };
      return { kind: 'broken', cause: code, status, text: '' };
    }
  }

  /** The header cuts to whole seconds. */
  private readClock(date: unknown, askedAtMs: number): void {
    const timeMs = timeOfHeader(date);
    if (timeMs !== null)
      this.clock.observe({ timeMs, askedAtMs, answeredAtMs: monotonicMs(), stepMs: 1_000 });
  }

  /** After the last call of those who use it. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}

/** What the venue's clock said when it wrote this answer, in milliseconds; null where it names no time. */
export function timeOfAnswer(answer: VenueAnswer): number | null {
  return answer.kind === 'answer' ? timeOfHeader(answer.headers['date']) : null;
}

function timeOfHeader(date: unknown): number | null {
  const timeMs = typeof date === 'string' ? Date.parse(date) : NaN;
  return Number.isNaN(timeMs) ? null : timeMs;
}

async function readAnswer(response: Dispatcher.ResponseData): Promise<VenueAnswer> {
  const { statusCode: status, headers } = response;
  const text = await response.body.text();
  const type = String(headers['content-type'] ?? '');
  if (!/^application\/(\w+\+)?json\b/i.test(type)) {
    // An empty body has no type and needs none (202, 204).
    if (text === '') return { kind: 'answer', status, headers, text, json: undefined };
    return {
      kind: 'broken',
      cause: `status ${status} with ${type === '' ? 'no content type' : type.slice(0, 60)}`,
      status,
      text,
    };
  }
  try {
    return {
      kind: 'answer',
      status,
      headers,
      text,
      json: text === '' ? undefined : parseLongIds(text),
    };
  } catch {
    return {
      kind: 'broken',
      cause: `status ${status} with JSON that cannot be read`,
      status,
      text,
    };
  }
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  // Several addresses may have been tried: none led to a connection only if each failed before one.
  if (error instanceof AggregateError)
    return (
      error.errors.map(codeOf).find((code) => !NO_CONNECTION.has(code)) ?? codeOf(error.errors[0])
    );
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}

/** The path under which a venue's API lies, e.g. `/api/v4`; empty where it lies at the root. */
export function pathPrefix(baseUrl: string): string {
  return new URL(baseUrl).pathname.replace(/\/$/, '');
}
