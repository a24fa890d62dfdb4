import { setTimeout as sleep } from 'node:timers/promises';
import { NotFoundError, ServiceUnavailableError, type ApiError } from './api-errors.js';
import { NoAnswerError, OutcomeUnknownError } from './errors.js';
import { exchange, type Envelope, type Exchange } from './exchange.js';
import type { RequestSigner } from './request-signature.js';
import { UnusedTimestamps } from './unused-timestamps.js';
import { backoffMs, verdictOf, type Verdict } from './verdict.js';
import { USER_AGENT } from './version.js';

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * What a second request of the same does, and with it whether one is sent after an answer that was lost:
 * `read` changes nothing; `referenced` is made one with the first by the references in its body; `idempotent` leads to the same end;
 * `removal` finds nothing any more, which is the same end; `once` would do it twice, and is never repeated.
 */
export type Repeat = 'read' | 'referenced' | 'idempotent' | 'removal' | 'once';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly repeat: Repeat;
  readonly query?: Query;
  /** Becomes JSON, once: each attempt sends the same bytes. Of a function what it gives for each attempt, for what is signed inside. */
  readonly body?: object | (() => object);
  readonly references?: readonly string[];
  /** Whether the `data` of a success is the answer to this call; any object by default. A success without it proves nothing. */
  readonly isAnswer?: (data: unknown) => boolean;
}

export interface CallOptions {
  /** Ends the call. What was sent by then is not taken back: the answer to a POST is then unknown. */
  readonly signal?: AbortSignal;
  /** How long the API may hold its answer until a venue has spoken, 0 to 30 s (`Prefer: wait`). */
  readonly waitSeconds?: number;
}

export interface Patience {
  /** For each attempt, beside what `waitSeconds` adds. */
  readonly timeoutMs: number;
  /** Requests in all, at least 1. */
  readonly attempts: number;
  /** A longer `Retry-After` is not waited for. */
  readonly longestPauseMs: number;
}

/** What is not pure. */
export interface Environment {
  readonly send: typeof fetch;
  readonly unixMs: () => number;
  readonly random: () => number;
}

/** A success. */
export interface Answered extends Envelope {
  /** Where an earlier attempt had no answer: until when it may still arrive, and have another one. */
  readonly settlesAt: Date | null;
}

/** The API takes a request for 300 s after its timestamp, by a clock that may be as far from ours: later no request can be taken. */
export const TAKEN_FOR_MS = 600_000;

/** One call is one thing that is asked for, by as many requests as it takes; each is signed anew. */
export class SignedCalls {
  private readonly timestamps: UnusedTimestamps;

  constructor(
    private readonly base: URL,
    private readonly signer: RequestSigner,
    private readonly patience: Patience,
    private readonly around: Environment,
  ) {
    this.timestamps = new UnusedTimestamps(around.unixMs, around.random);
  }

  /** Throws an `ApiError`, `NoAnswerError` or `OutcomeUnknownError`. */
  async make(call: Call, options: CallOptions = {}): Promise<Answered> {
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
        return { success: true, message: 'OK', settlesAt: null }; // the lost one has done it
      const pauseMs = refused ? null : this.pauseOf(verdict, attempt, call);
      if (pauseMs === null) throw endOf(call, verdict, lost);
      await this.pause(pauseMs, options.signal, () => endOf(call, verdict, lost));
    }
  }

  /** Null: it ends here. */
  private pauseOf(
    verdict: Exclude<Verdict, { kind: 'done' | 'refused' }>,
    attempt: number,
    { repeat }: Call,
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
    call: Call,
    body: string,
    { signal, waitSeconds = 0 }: CallOptions,
  ): Promise<Sent> {
    const { method } = call;
    const url = this.urlOf(call);
    const unsigned = { method, path: url.pathname, query: url.search.slice(1), body };
    const timestamp = this.timestamps.next(unsigned);
    const late = AbortSignal.timeout(this.patience.timeoutMs + waitSeconds * 1_000);
    const answer = await exchange(this.around.send, {
      ...{ url, method, body },
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

  /** What is signed is what this URL says of itself: it is sent as it is. */
  private urlOf({ path, query = {} }: Call): URL {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    return url;
  }
}

function isObject(data: unknown): boolean {
  return typeof data === 'object' && data !== null;
}

function bodies({ body }: Call): () => string {
  if (typeof body === 'function') return () => JSON.stringify(body());
  const text = body === undefined ? '' : JSON.stringify(body);
  return () => text;
}

interface Sent {
  readonly timestamp: string;
  readonly answer: Exchange;
}

/** Some attempt had no answer: what it asked for may have been done, until its timestamp is too old. */
interface Lost {
  readonly latestMs: number;
}

function latest(before: Lost | null, timestamp: string): number {
  return Math.max(before?.latestMs ?? 0, Number(timestamp) * 1_000 + TAKEN_FOR_MS);
}

/**
 * A success whose data cannot be read proves nothing: a proxy may have made it. That nothing is on record is a promise about orders: of what
 * another service does, its answer may have come too late.
 */
function provenOf({ repeat, isAnswer = isObject }: Call, verdict: Verdict): Verdict {
  if (verdict.kind === 'done' && !isAnswer(verdict.envelope.data)) {
    const cause = new Error('The answer is a success whose data is not of the form of this call.');
    return { kind: 'unknown', cause, waitMs: null };
  }
  if (repeat !== 'once' || verdict.kind !== 'not_taken') return verdict;
  if (!(verdict.error instanceof ServiceUnavailableError)) return verdict;
  return { kind: 'unknown', cause: verdict.error, waitMs: null };
}

/** A refusal is the last word unless an earlier attempt, still on its way, may get another answer. */
function endOf(call: Call, verdict: Exclude<Verdict, { kind: 'done' }>, lost: Lost | null): Error {
  const cause: unknown = verdict.kind === 'unknown' ? verdict.cause : verdict.error;
  const { repeat, references = [], method, path } = call;
  if (verdict.kind !== 'unknown' && isLastWord(call, verdict, lost)) return verdict.error;
  const request = `${method} ${path}`;
  return repeat === 'read' || lost === null
    ? new NoAnswerError(`${request} was not answered`, { cause })
    : new OutcomeUnknownError(request, { references, settlesAt: new Date(lost.latestMs), cause });
}

function isLastWord(
  { repeat }: Call,
  verdict:
    | { readonly kind: 'refused'; readonly error: ApiError; readonly final: boolean }
    | { readonly kind: 'not_taken' },
  lost: Lost | null,
): boolean {
  if (lost === null || repeat === 'read') return true;
  return verdict.kind === 'refused' && (verdict.final || repeat !== 'referenced');
}
