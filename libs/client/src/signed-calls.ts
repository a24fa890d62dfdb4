import { setTimeout as sleep } from 'node:timers/promises';
import { NotFoundError, ServiceUnavailableError, type ApiError } from './api-errors.js';
import { NoAnswerError, OutcomeUnknownError } from './errors.js';
import { exchange, type AnswerEnvelope, type Exchange } from './exchange.js';
import { pageOf, rowsOf, type Page } from './page.js';
import type { RequestSigner } from './request-signature.js';
import { UnusedTimestamps } from './unused-timestamps.js';
import { backoffMs, verdictOf, type Verdict } from './verdict.js';
import { USER_AGENT } from './version.js';

export type CallQuery = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Effect of a repeated request; decides about retries after a lost response.
 * - `read`: no change.
 * - `referenced`: the references in the body make both requests the same order.
 * - `idempotent`: the same final state.
 * - `removal`: the object is already removed, with the same final state.
 * - `once`: a second execution, and therefore never repeated.
 */
type Repeat = 'read' | 'referenced' | 'idempotent' | 'removal' | 'once';

interface SignedCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly repeat: Repeat;
  readonly query?: CallQuery;
  /**
   * Encoded as JSON once: each attempt sends the same bytes. A function is called for each attempt,
   * for content with inner signatures.
   */
  readonly body?: object | (() => object);
  readonly references?: readonly string[];
  /**
   * Checks the `data` of a success as the response to this call (default: any object). A success
   * with other data proves nothing.
   */
  readonly isAnswer?: (data: unknown) => boolean;
}

export interface CallOptions {
  /**
   * Aborts the call. Sent requests are not taken back: the outcome of an aborted POST is unknown.
   */
  readonly signal?: AbortSignal;
  /**
   * Time for the API to hold the response until a venue has answered, 0 to 30 s (`Prefer: wait`).
   */
  readonly waitSeconds?: number;
}

interface Patience {
  /** Timeout of each attempt (ms), in addition to `waitSeconds`. */
  readonly timeoutMs: number;
  /** Requests in all, at least 1. */
  readonly attempts: number;
  /** A longer `Retry-After` is not waited for. */
  readonly longestPauseMs: number;
}

/** Side effects: network, clock and randomness. */
interface CallEnvironment {
  readonly send: typeof fetch;
  readonly unixMs: () => number;
  readonly random: () => number;
}

/** A success. */
interface Answered extends AnswerEnvelope {
  /**
   * Latest arrival time of an earlier unanswered attempt, possibly with a different response; null
   * if no attempt is open.
   */
  readonly settlesAt: Date | null;
}

/**
 * The API accepts a request for 300 s after the timestamp, by a clock up to 300 s away from the
 * local clock. No request can be accepted later.
 */
export const TAKEN_FOR_MS = 600_000;

/**
 * Makes signed calls. A call is a single action, with as many requests as necessary; each request
 * gets a new signature.
 */
export class SignedCalls {
  private readonly timestamps: UnusedTimestamps;

  constructor(
    private readonly base: URL,
    private readonly signer: RequestSigner,
    private readonly patience: Patience,
    private readonly around: CallEnvironment,
  ) {
    this.timestamps = new UnusedTimestamps(around.unixMs, around.random);
  }

  /** The object of a success. */
  async object<T>(call: SignedCall, options?: CallOptions): Promise<T> {
    return (await this.make(call, options)).data as T;
  }

  /** A whole list. */
  async list<T>(path: string, filter: object, options?: CallOptions): Promise<readonly T[]> {
    const query = { ...filter };
    const call = { method: 'GET', path, repeat: 'read', query, isAnswer: Array.isArray } as const;
    return rowsOf((await this.make(call, options)).data) as readonly T[];
  }

  /** A page of a list. */
  async page<T>(path: string, filter: object, options?: CallOptions): Promise<Page<T>> {
    const query = { ...filter };
    const call = { method: 'GET', path, repeat: 'read', query, isAnswer: Array.isArray } as const;
    return pageOf(await this.make(call, options), (row) => row as T);
  }

  /** Throws an `ApiError`, `NoAnswerError` or `OutcomeUnknownError`. */
  async make(call: SignedCall, options: CallOptions = {}): Promise<Answered> {
    options.signal?.throwIfAborted();
    const bodyOf = bodies(call);
    let lost: Lost | null = null;
    for (let attempt = 1; ; attempt++) {
      const sent = await this.send(call, bodyOf(), options);
      const verdict = provenOf(call, verdictOf(sent.answer, this.around.unixMs()));
      if (verdict.kind === 'done')
        return { ...verdict.envelope, settlesAt: lost && new Date(lost.latestMs) };
      if (verdict.kind === 'unknown') lost = { latestMs: latest(lost, sent.timestamp) };
      const refused = verdict.kind === 'refused';
      if (refused && lost && call.repeat === 'removal' && verdict.error instanceof NotFoundError)
        // the lost request has removed the object
        return { success: true, message: 'OK', settlesAt: null };
      const pauseMs = refused ? null : this.pauseOf(verdict, attempt, call);
      if (pauseMs === null) throw endOf(call, verdict, lost);
      await this.pause(pauseMs, options.signal, () => endOf(call, verdict, lost));
    }
  }

  /** Returns the pause before the next attempt (ms); null to stop. */
  private pauseOf(
    verdict: Exclude<Verdict, { kind: 'done' | 'refused' }>,
    attempt: number,
    { repeat }: SignedCall,
  ): number | null {
    if (attempt >= this.patience.attempts) return null;
    if (verdict.kind === 'unknown' && repeat === 'once') return null;
    const { waitMs } = verdict;
    if (waitMs !== null && waitMs > this.patience.longestPauseMs) return null;
    return Math.max(waitMs ?? 0, backoffMs(attempt, this.around.random()));
  }

  private async pause(
    ms: number,
    signal: AbortSignal | undefined,
    end: () => Error,
  ): Promise<void> {
    await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => {
      throw end();
    });
  }

  private async send(
    call: SignedCall,
    body: string,
    { signal, waitSeconds = 0 }: CallOptions,
  ): Promise<Sent> {
    const { method } = call;
    const url = this.urlOf(call);
    const unsigned = { method, path: url.pathname, query: url.search.slice(1), body };
    const timestamp = this.timestamps.next(unsigned);
    const late = AbortSignal.timeout(this.patience.timeoutMs + waitSeconds * 1_000);
    const answer = await exchange(this.around.send, {
      url,
      method,
      body,
      signal: signal ? AbortSignal.any([signal, late]) : late,
      headers: {
        ...this.signer.headers({ ...unsigned, timestamp }),
        'User-Agent': USER_AGENT,
        ...(body !== '' && { 'Content-Type': 'application/json' }),
        ...(waitSeconds > 0 && { Prefer: `wait=${waitSeconds}` }),
      },
    });
    return { timestamp, answer };
  }

  /** Returns the URL to sign and to send; the URL is sent unchanged. */
  private urlOf({ path, query = {} }: SignedCall): URL {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    return url;
  }
}

function isObject(data: unknown): boolean {
  return typeof data === 'object' && data !== null;
}

function bodies({ body }: SignedCall): () => string {
  if (typeof body === 'function') return () => JSON.stringify(body());
  const text = body === undefined ? '' : JSON.stringify(body);
  return () => text;
}

interface Sent {
  readonly timestamp: string;
  readonly answer: Exchange;
}

/** An unanswered attempt: the request may be executed until the timestamp expires. */
interface Lost {
  readonly latestMs: number;
}

function latest(before: Lost | null, timestamp: string): number {
  return Math.max(before?.latestMs ?? 0, Number(timestamp) * 1_000 + TAKEN_FOR_MS);
}

/**
 * A success with unreadable data proves nothing: a proxy may have created the response. A 503
 * proves a missing record only for orders. Calls of kind `once` run in another service, and the
 * response of the other service may have been late.
 */
function provenOf({ repeat, isAnswer = isObject }: SignedCall, verdict: Verdict): Verdict {
  if (verdict.kind === 'done' && !isAnswer(verdict.envelope.data)) {
    const cause = new Error('The answer is a success whose data is not of the form of this call.');
    return { kind: 'unknown', cause, waitMs: null };
  }
  if (repeat !== 'once' || verdict.kind !== 'not_taken') return verdict;
  if (!(verdict.error instanceof ServiceUnavailableError)) return verdict;
  return { kind: 'unknown', cause: verdict.error, waitMs: null };
}

/**
 * A rejection is final unless an earlier attempt, still in transit, may get a different response.
 */
function endOf(
  call: SignedCall,
  verdict: Exclude<Verdict, { kind: 'done' }>,
  lost: Lost | null,
): Error {
  const cause: unknown = verdict.kind === 'unknown' ? verdict.cause : verdict.error;
  const { repeat, references = [], method, path } = call;
  if (verdict.kind !== 'unknown' && isLastWord(call, verdict, lost)) return verdict.error;
  const request = `${method} ${path}`;
  return repeat === 'read' || lost === null
    ? new NoAnswerError(`${request} was not answered`, { cause })
    : new OutcomeUnknownError(request, { references, settlesAt: new Date(lost.latestMs), cause });
}

function isLastWord(
  { repeat }: SignedCall,
  verdict:
    | { readonly kind: 'refused'; readonly error: ApiError; readonly final: boolean }
    | { readonly kind: 'not_taken' },
  lost: Lost | null,
): boolean {
  if (lost === null || repeat === 'read') return true;
  return verdict.kind === 'refused' && (verdict.final || repeat !== 'referenced');
}
