import { readFile } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import type { Failure } from '@sluice/http-api';
import { PASSKEY_HEADER } from '@sluice/signing';
import { AdminError } from './admin-error.js';
import { parseAnswer, queryText, requestOf, type Shape } from './requests.js';
import { becauseOf } from './tls.js';

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
  /** Returns the header `sluice-passkey` for exactly this call; null: the call has none. */
  readonly passkey?: (call: ExactCall) => Promise<string | null>;
}

/** Call as it is sent. */
interface ExactCall {
  readonly service: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Empty for a call without a body. */
  readonly body: string;
}

interface CallSpan {
  readonly traceparent: string;
  end(fault: string | null, attributes?: Readonly<Record<string, number>>): void;
}

interface AdminRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: object | undefined;
  readonly body?: object | undefined;
  /** Used if the target sets no timeout. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 15_000;

/** Client of a service's admin API. Throws AdminError for every answer other than a success. */
export class AdminHttp {
  private dispatcher: Dispatcher | undefined;

  constructor(private readonly target: AdminTarget) {}

  /**
   * Calls a route such as `PATCH /internal/webhooks/:id?`. `given`: the part of the path, or an
   * object of several parts; the query if the route ends with `?`; the body. Returns the data of the
   * answer, or the whole page.
   */
  async call<T>(
    route: string,
    given: readonly unknown[] = [],
    { answers = 'one', timeoutMs }: { readonly answers?: Shape; readonly timeoutMs?: number } = {},
  ): Promise<T> {
    const { status, text } = await this.send({ ...requestOf(route, given), timeoutMs });
    const answer = parseAnswer(text);
    if (status >= 200 && status < 300 && answer && 'data' in answer) {
      if (answers !== 'one' && !Array.isArray(answer.data))
        throw this.broken(200, 'something else than a list');
      return (answers === 'page' ? answer : answer.data) as T;
    }
    const { message = `HTTP ${status}` } = (answer ?? {}) as Partial<Failure>;
    if (status < 400 || status >= 500) throw this.broken(status, message);
    throw new AdminError(this.target.service, { kind: 'refused', status, message });
  }

  /** Returns the answer with any status. Throws AdminError if the service does not answer. */
  async send({ method, path, query = {}, body, timeoutMs }: AdminRequest): Promise<{
    readonly status: number;
    readonly text: string;
  }> {
    // loaded with the first call, because loading takes longer than printing the help of a command
    const { request } = await import('undici');
    this.dispatcher ??= await dispatcherOf(this.target);
    const { service, baseUrl } = this.target;
    const exact = {
      service,
      method,
      target: `${path}${queryText(query)}`,
      body: body === undefined ? '' : JSON.stringify(body),
    };
    const [passkey, token] = [await this.target.passkey?.(exact), await this.target.token()];
    const withinMs = this.target.timeoutMs ?? timeoutMs ?? TIMEOUT_MS;
    const span = this.target.beginSpan?.(method, `${baseUrl}${path}`);
    try {
      const response = await request(`${baseUrl}${exact.target}`, {
        method,
        dispatcher: this.dispatcher,
        headers: {
          authorization: `Bearer ${token}`,
          ...(span && { traceparent: span.traceparent }),
          ...(passkey && { [PASSKEY_HEADER]: passkey }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: exact.body }),
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
      const message = `${baseUrl} cannot be reached${becauseOf(cause)}`;
      throw new AdminError(service, { kind: 'unreachable', message, cause });
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
