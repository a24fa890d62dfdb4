import { crashAt } from '@sluice/crash-point';
import { Pool, type Dispatcher } from 'undici';
import { parseExact } from './parse-exact.js';

export interface VenueRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query as they go on the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** A call that moves money: the crash points of the fault catalogue lie on its way. */
  readonly pays?: boolean;
}

/**
 * What came back: a whole answer · `not_sent`, proven because no connection came about · `broken`, anything else, of which
 * nobody can say how far it got.
 */
export type VenueAnswer =
  | { kind: 'answer'; status: number; headers: Readonly<Record<string, string | string[] | undefined>>; text: string; json: unknown }
  | { kind: 'not_sent'; cause: string }
  | { kind: 'broken'; cause: string; status: number | null; text: string };

export interface VenueHttpOptions {
  readonly origin: string;
  readonly connections: number;
  readonly connectTimeoutMs?: number;
  readonly maxResponseBytes?: number;
}

// Errors of the phase before a connection exists: no byte of the request can have left.
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** One venue's connections: kept alive, bounded, no redirects followed, nothing sent twice by itself. */
export class VenueHttp {
  private readonly pool: Pool;

  constructor(options: VenueHttpOptions) {
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
    let status: number | null = null;
    try {
      const response = await this.pool.request({
        method: request.method,
        path: request.path,
        headers: { ...request.headers },
        ...(request.body !== undefined && { body: request.body }),
        signal: AbortSignal.timeout(request.timeoutMs),
      });
      // K10: the venue has every byte and has begun to answer; we have read none of it. The surest moment at which its
      // outcome exists there and not here, without a hook into the socket.
      if (request.pays) crashAt('K10');
      status = response.statusCode;
      return await readAnswer(response);
    } catch (error) {
      const code = codeOf(error);
      if (status === null && NO_CONNECTION.has(code)) return { kind: 'not_sent', cause: `no connection: ${code}` };
      return { kind: 'broken', cause: code, status, text: '' };
    }
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}

async function readAnswer(response: Dispatcher.ResponseData): Promise<VenueAnswer> {
  const { statusCode: status, headers } = response;
  const text = await response.body.text();
  const type = String(headers['content-type'] ?? '');
  if (!/^application\/(\w+\+)?json\b/i.test(type)) {
    // An empty body has no type and needs none (202, 204).
    if (text === '') return { kind: 'answer', status, headers, text, json: undefined };
    return { kind: 'broken', cause: `status ${status} with ${type === '' ? 'no content type' : type.slice(0, 60)}`, status, text };
  }
  try {
    return { kind: 'answer', status, headers, text, json: text === '' ? undefined : parseExact(text) };
  } catch {
    return { kind: 'broken', cause: `status ${status} with JSON that cannot be read`, status, text };
  }
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  // Several addresses may have been tried: none led to a connection only if each failed before one.
  if (error instanceof AggregateError) return error.errors.map(codeOf).find((code) => !NO_CONNECTION.has(code)) ?? codeOf(error.errors[0]);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
