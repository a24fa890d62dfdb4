import { readFile } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import type { Failure, Page, Success } from '@sluice/http-api';
import { AdminError } from './admin-error.js';
import { becauseOf } from './tls-fault.js';

export interface AdminTarget {
  /** The service's name, for errors. */
  readonly service: string;
  /** URL of the service's port for operators, without a trailing slash. */
  readonly baseUrl: string;
  /**
   * Returns the caller's bearer token. Called before each request, because tokens are short-lived.
   */
  readonly token: () => string | Promise<string>;
  /**
   * Path of the PEM file of the service's certificate authority, read again for each connection.
   * Default: the authorities known to Node.
   */
  readonly caFile?: string;
  /**
   * Timeout of a whole call, from connecting to reading. Default: 15 s, longer for calls with reads
   * of whole tables.
   */
  readonly timeoutMs?: number;
  /**
   * Begins the trace span of a call; null if the call is not traced. Set by services with tracing.
   */
  readonly beginSpan?: (method: string, url: string) => CallSpan | null;
}

interface CallSpan {
  readonly traceparent: string;
  end(fault: string | null, attributes?: Readonly<Record<string, number>>): void;
}

type AdminQuery = Readonly<Record<string, string | number | boolean | null | undefined>>;

interface AdminCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: AdminQuery;
  readonly body?: object;
  /** Used if the target sets no timeout. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;

/** Client of a service's admin API. Throws AdminError for every answer other than a success. */
export class AdminHttp {
  private dispatcher: Dispatcher | undefined;

  constructor(private readonly target: AdminTarget) {}

  async get<T>(path: string, query: AdminQuery = {}, timeoutMs?: number): Promise<T> {
    return (await this.call<Success<T>>({ method: 'GET', path, query, ...within(timeoutMs) })).data;
  }

  /** A whole list. */
  async list<T>(path: string, query: AdminQuery = {}): Promise<readonly T[]> {
    return (await this.page<T>(path, query)).data;
  }

  /** A part of a list, with the cursor of the next. */
  async page<T>(path: string, query: AdminQuery = {}): Promise<Page<T>> {
    const page = await this.call<Page<T>>({ method: 'GET', path, query });
    if (!Array.isArray(page.data)) throw this.broken(200, 'something else than a list');
    return page;
  }

  async post<T>(path: string, body?: object, timeoutMs?: number): Promise<T> {
    return (await this.call<Success<T>>(withBody('POST', path, body, timeoutMs))).data;
  }

  /** Sends the request on behalf of the owner named in the query. */
  async postFor<T>(path: string, query: AdminQuery, body?: object): Promise<T> {
    return (await this.call<Success<T>>({ ...withBody('POST', path, body), query })).data;
  }

  async patch<T>(path: string, query: AdminQuery, body: object): Promise<T> {
    return (await this.call<Success<T>>({ ...withBody('PATCH', path, body), query })).data;
  }

  async put<T>(path: string, body: object): Promise<T> {
    return (await this.call<Success<T>>(withBody('PUT', path, body))).data;
  }

  async delete<T>(path: string, query: AdminQuery = {}): Promise<T> {
    return (await this.call<Success<T>>({ method: 'DELETE', path, query })).data;
  }

  /** The envelope of a success, whole. */
  async call<T extends Success<unknown>>(call: AdminCall): Promise<T> {
    const { status, text } = await this.send(call);
    const answer = parse(text);
    if (status >= 200 && status < 300 && answer && 'data' in answer) return answer as T;
    const { message = `HTTP ${status}` } = (answer ?? {}) as Partial<Failure>;
    if (status < 400 || status >= 500) throw this.broken(status, message);
    throw new AdminError(this.target.service, { kind: 'refused', status, message });
  }

  /** Returns the answer with any status. Throws AdminError if the service does not answer. */
  async send({ method, path, query = {}, body, timeoutMs }: AdminCall): Promise<{
    readonly status: number;
    readonly text: string;
  }> {
    // loaded with the first call, because loading takes longer than printing the help of a command
    const { request } = await import('undici');
    this.dispatcher ??= await dispatcherOf(this.target);
    const token = await this.target.token();
    const withinMs = this.target.timeoutMs ?? timeoutMs ?? TIMEOUT_MS;
    const span = this.target.beginSpan?.(method, `${this.target.baseUrl}${path}`);
    try {
      const response = await request(`${this.target.baseUrl}${path}${queryText(query)}`, {
        method,
        dispatcher: this.dispatcher,
        headers: {
          authorization: `Bearer ${token}`,
          ...(span && { traceparent: span.traceparent }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(withinMs),
        // no limit: the default ends a request after five minutes, and a proof of the whole journal
        // may take longer
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const { statusCode: status } = response;
      const text = await response.body.text();
      span?.end(null, { 'http.response.status_code': status });
      return { status, text };
    } catch (cause) {
      span?.end(String(cause));
      const message = `${this.target.baseUrl} cannot be reached${becauseOf(cause)}`;
      throw new AdminError(this.target.service, { kind: 'unreachable', message, cause });
    }
  }

  private broken(status: number, message: string): AdminError {
    return new AdminError(this.target.service, { kind: 'broken', status, message });
  }
}

/**
 * Returns the dispatcher for a target. A replaced CA file takes effect with the next connection.
 */
async function dispatcherOf({ caFile }: AdminTarget): Promise<Dispatcher> {
  const { Agent, buildConnector, getGlobalDispatcher } = await import('undici');
  if (caFile === undefined) return getGlobalDispatcher();
  return new Agent({
    connect: (options, callback) => {
      readFile(caFile, 'utf8').then(
        (ca) => buildConnector({ ca })(options, callback),
        (error: Error) => callback(error, null),
      );
    },
  });
}

function withBody(
  method: 'POST' | 'PUT' | 'PATCH',
  path: string,
  body?: object,
  timeoutMs?: number,
): AdminCall {
  return { method, path, ...(body && { body }), ...within(timeoutMs) };
}

function within(timeoutMs: number | undefined): { readonly timeoutMs?: number } {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

/** Builds a path with URL-encoded parts: path`/internal/keys/${keyId}/revoke`. */
export function path(texts: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return texts.map((text, n) => text + encodeURIComponent(parts[n] ?? '')).join('');
}

function queryText(query: AdminQuery): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** Parses a JSON object; undefined for any other text, for example an HTML page of a proxy. */
function parse(text: string): object | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}
