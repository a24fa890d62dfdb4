import type { Failure, List, Page, Success } from '@sluice/http-api';
import { request } from 'undici';
import { AdminError } from './admin-error.js';

export interface AdminTarget {
  /** The service's name, for errors. */
  readonly service: string;
  /** Where the service answers operators, without a slash at the end. */
  readonly baseUrl: string;
  /** The operators' bearer token. */
  readonly token: string;
  /** All of a call: connecting, waiting, reading. 15 s by default. */
  readonly timeoutMs?: number;
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface AdminCall {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly query?: Query;
  readonly body?: object;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;

/** Calls one service's admin API. Throws AdminError for everything but a success. */
export class AdminHttp {
  constructor(private readonly target: AdminTarget) {}

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.call<Success<T>>({ method: 'GET', path, query })).data;
  }

  /** A whole list. */
  async list<T>(path: string, query: Query = {}): Promise<readonly T[]> {
    return (await this.call<List<T>>({ method: 'GET', path, query })).data;
  }

  /** A part of a list, with the cursor of the next. */
  page<T>(path: string, query: Query = {}): Promise<Page<T>> {
    return this.call<Page<T>>({ method: 'GET', path, query });
  }

  async post<T>(path: string, body?: object, timeoutMs?: number): Promise<T> {
    return (await this.call<Success<T>>(withBody('POST', path, body, timeoutMs))).data;
  }

  async put<T>(path: string, body: object): Promise<T> {
    return (await this.call<Success<T>>(withBody('PUT', path, body))).data;
  }

  /** The whole answer to a call, envelope included where the endpoint has one. */
  async call<T>(call: AdminCall): Promise<T> {
    const { status, text } = await this.send(call);
    const answer = parse(text);
    if (status >= 200 && status < 300 && answer !== undefined) return answer as T;
    const message = (answer as Partial<Failure> | undefined)?.message ?? `HTTP ${status}`;
    throw new AdminError(this.target.service, {
      kind: status >= 400 && status < 500 ? 'refused' : 'broken',
      status,
      message,
    });
  }

  /** The answer as it is, whatever its status. Throws AdminError when there is none. */
  async send({ method, path, query = {}, body, timeoutMs }: AdminCall): Promise<{
    readonly status: number;
    readonly text: string;
  }> {
    try {
      const response = await request(`${this.target.baseUrl}${path}${queryText(query)}`, {
        method,
        headers: {
          authorization: `Bearer ${this.target.token}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs ?? this.target.timeoutMs ?? TIMEOUT_MS),
      });
      return { status: response.statusCode, text: await response.body.text() };
    } catch (cause) {
      const message = `${this.target.baseUrl} cannot be reached`;
      throw new AdminError(this.target.service, { kind: 'unreachable', message, cause });
    }
  }
}

function withBody(
  method: 'POST' | 'PUT',
  path: string,
  body?: object,
  timeoutMs?: number,
): AdminCall {
  return { method, path, ...(body && { body }), ...(timeoutMs !== undefined && { timeoutMs }) };
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
