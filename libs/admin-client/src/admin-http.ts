import { readFile } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import type { Failure, Page, Success } from '@sluice/http-api';
import { AdminError } from './admin-error.js';

export interface AdminTarget {
  /** The service's name, for errors. */
  readonly service: string;
  /** Where the service answers operators, without a slash at the end. */
  readonly baseUrl: string;
  /** What proves who calls; asked before each call, for it is short-lived. */
  readonly token: () => string | Promise<string>;
  /** Path of the PEM of the authority that its certificate must be signed by; read again for each connection. Without one those that Node knows. */
  readonly caFile?: string;
  /** Every call, whole: connecting, waiting, reading. Unless told 15 s, and longer for what reads whole tables. */
  readonly timeoutMs?: number;
  /** Of a service that traces what it does: begins the span of a call, or answers null. */
  readonly beginSpan?: (method: string, url: string) => CallSpan | null;
}

export interface CallSpan {
  readonly traceparent: string;
  end(fault: string | null, attributes?: Readonly<Record<string, number>>): void;
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface AdminCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: object;
  /** Where the target tells none. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;

/** Calls one service's admin API. Throws AdminError for everything but a success. */
export class AdminHttp {
  private dispatcher: Dispatcher | undefined;

  constructor(private readonly target: AdminTarget) {}

  async get<T>(path: string, query: Query = {}, timeoutMs?: number): Promise<T> {
    return (await this.call<Success<T>>({ method: 'GET', path, query, ...within(timeoutMs) })).data;
  }

  /** A whole list. */
  async list<T>(path: string, query: Query = {}): Promise<readonly T[]> {
    return (await this.page<T>(path, query)).data;
  }

  /** A part of a list, with the cursor of the next. */
  async page<T>(path: string, query: Query = {}): Promise<Page<T>> {
    const page = await this.call<Page<T>>({ method: 'GET', path, query });
    if (!Array.isArray(page.data)) throw this.broken(200, 'something else than a list');
    return page;
  }

  async post<T>(path: string, body?: object, timeoutMs?: number): Promise<T> {
    return (await this.call<Success<T>>(withBody('POST', path, body, timeoutMs))).data;
  }

  /** On behalf of the owner that the query names. */
  async postFor<T>(path: string, query: Query, body?: object): Promise<T> {
    return (await this.call<Success<T>>({ ...withBody('POST', path, body), query })).data;
  }

  async patch<T>(path: string, query: Query, body: object): Promise<T> {
    return (await this.call<Success<T>>({ ...withBody('PATCH', path, body), query })).data;
  }

  async put<T>(path: string, body: object): Promise<T> {
    return (await this.call<Success<T>>(withBody('PUT', path, body))).data;
  }

  async delete<T>(path: string, query: Query = {}): Promise<T> {
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

  /** The answer as it is, whatever its status. Throws AdminError when there is none. */
  async send({ method, path, query = {}, body, timeoutMs }: AdminCall): Promise<{
    readonly status: number;
    readonly text: string;
  }> {
    const { request } = await import('undici'); // with the first call: it takes longer to load than a command takes to print its help
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
        ...{ headersTimeout: 0, bodyTimeout: 0 }, // or it ends after five minutes, and a proof of the whole book may take longer
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

/** A file that was replaced counts from the next connection on. */
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

/** Where TLS is the reason, it is a setting and not the network that a person has to look at. */
function becauseOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return /CERT|ERR_TLS|ERR_SSL|SIGNATURE/.test(code) ? `: ${message}` : '';
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

/** A path whose parts may hold anything: path`/internal/keys/${keyId}/revoke`. */
export function path(texts: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return texts.map((text, n) => text + encodeURIComponent(parts[n] ?? '')).join('');
}

function queryText(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** Undefined for what is no object, such as a page of a proxy. */
function parse(text: string): object | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}
