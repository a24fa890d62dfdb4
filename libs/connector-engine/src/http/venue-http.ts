import type { OnApplicationShutdown } from '@nestjs/common';
import {
  crashAt,
  monotonicMs,
  NoTunnelError,
  tunnelConnector,
  type OutgoingProxy,
} from '@sluice/runtime';
import { parseWireJson } from '@sluice/kernel';
import { Pool, type Dispatcher } from 'undici';
import { measureCall } from './call-durations.js';
import { beginCallSpan, endCallSpan } from './call-span.js';
import type { VenueClock } from '../clock/venue-clock.js';

export interface VenueRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query as they go on the wire. */
  readonly path: string;
  /** The path contains a key, as at many RPC nodes; spans omit the path. */
  readonly pathIsSecret?: true;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** True for a call moving money: crash points apply to the call (docs/operations/crash-points.md). */
  readonly pays?: boolean;
}

/**
 * Result of a call:
 * - `answer`: a complete answer
 * - `not_sent`: proven not sent, because no connection was established
 * - `broken`: any other failure; the progress of the request is unknown
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
}

// Errors of the phase before a connection exists: no byte of the request can have left.
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // the peer has not proven to be the venue: undici writes only after this proof
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Connection pool of a venue: keep-alive, bounded, without redirects or automatic retries. */
export class VenueHttp implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly clock: Pick<VenueClock, 'observe'>;
  private readonly host: string;

  constructor(options: VenueHttpOptions) {
    this.clock = options.clock;
    this.host = new URL(options.origin).host;
    const { proxy = null, origin, connectTimeoutMs: timeoutMs = 5_000 } = options;
    const tunnel = proxy === null ? null : tunnelConnector({ origin, proxy, timeoutMs });
    this.pool = new Pool(origin, {
      connections: options.connections,
      // a second request behind a failing request would fail as well, without being the cause
      pipelining: 1,
      ...(tunnel === null ? { connectTimeout: timeoutMs } : { connect: tunnel }),
      keepAliveTimeout: 10_000,
      maxResponseSize: options.maxResponseBytes ?? 8 * 1024 * 1024,
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
      // connector.at-answer: the venue has received every byte and begun to answer; no byte of the
      // answer is read. Closest moment, without a socket hook, at which the outcome exists only at
      // the venue.
      if (request.pays) crashAt('connector.at-answer');
      this.readClock(response.headers['date'], askedAtMs);
      status = response.statusCode;
      return await readAnswer(response);
    } catch (error) {
      if (status === null && error instanceof NoTunnelError)
        return { kind: 'not_sent', cause: `no connection: ${error.message}` };
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

  /** Runs after the last call of the users of this pool. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}

/** Venue time of this answer in milliseconds; null if the answer names no time. */
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
      json: text === '' ? undefined : parseWireJson(text),
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
  // Several addresses may have been tried. The request is proven unsent only if each address failed
  // before a connection.
  if (error instanceof AggregateError)
    return (
      error.errors.map(codeOf).find((code) => !NO_CONNECTION.has(code)) ?? codeOf(error.errors[0])
    );
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}

/** Path prefix of a venue's API, e.g. `/api/v4`; empty if the API is at the root. */
export function pathPrefix(baseUrl: string): string {
  return new URL(baseUrl).pathname.replace(/\/$/, '');
}
