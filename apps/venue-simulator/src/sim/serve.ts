import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { unreachable } from '@sluice/kernel';
import type { FaultBook, FaultState } from './faults.js';

export interface SimulatedAnswer {
  readonly status: number;
  /** Body, or a function of the sending time in Unix milliseconds. */
  readonly body: string | ((now: number) => string | Buffer);
  readonly contentType?: string;
  /** Additional headers; a header with a default name replaces the default. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True for a refusal, regardless of the HTTP status: some venues refuse with 200. */
  readonly refused?: boolean;
}

export function bodyAt(body: SimulatedAnswer['body'], now: number): string | Buffer {
  return typeof body === 'string' ? body : body(now);
}

/** Result of a request: an answer, a silent open socket, or a closed socket. */
type Delivery = SimulatedAnswer | 'hang' | 'cut';

export interface FaultAnswers {
  readonly refusal: SimulatedAnswer;
  readonly serverError: SimulatedAnswer;
  readonly tooManyRequests: SimulatedAnswer;
}

interface FaultDelays {
  readonly hang_ms: number;
  readonly slow_listing_ms: number;
}

/** Handler of a request; `statusGoesBack` requests the earlier status. */
type Handle = (statusGoesBack: boolean) => SimulatedAnswer;

const HTML =
  '<html><head><title>Bad Gateway</title></head><body><center><h1>Bad Gateway</h1></center><hr></body></html>\n';

/** Serves a request under the due fault. An accepting fault is used up only by an accepted request. */
async function serveUnderFault(
  fault: FaultState,
  faults: FaultBook,
  handle: Handle,
  answers: FaultAnswers,
  delays: FaultDelays,
): Promise<Delivery> {
  switch (fault.fault) {
    case 'accept_then_hang':
      return ifAccepted(handle(false), 'hang');
    case 'accept_then_cut':
      return ifAccepted(handle(false), 'cut');
    case 'accept_then_5xx':
      return ifAccepted(handle(false), answers.serverError);
    case 'accept_then_answer':
      return ifAccepted(handle(false), written(fault));
    case 'status_goes_back':
      return ifAccepted(handle(true), null);
    case 'in_other_form': {
      const answer = handle(false);
      return ifAccepted(answer, dressed({ ...answer, contentType: fault.content_type }, fault));
    }
    case 'refuse_with':
      return used(written(fault));
    case 'refuse_with_5xx':
      return used(answers.serverError);
    case 'too_many_requests':
      return used(answers.tooManyRequests);
    case 'html_body':
      return used(
        dressed({ status: fault.http_status, body: HTML, contentType: 'text/html' }, fault),
      );
    case 'hang_then_refuse':
      faults.use(fault);
      await sleep(delays.hang_ms, undefined, { ref: false });
      return answers.refusal;
    case 'slow_listing':
      faults.use(fault);
      await sleep(delays.slow_listing_ms, undefined, { ref: false });
      return handle(false);
    default:
      return unreachable(fault.fault);
  }

  function used(answer: SimulatedAnswer): SimulatedAnswer {
    faults.use(fault);
    return answer;
  }

  function ifAccepted(answer: SimulatedAnswer, instead: Delivery | null): Delivery {
    if (answer.refused || answer.status >= 300) return answer;
    faults.use(fault);
    return instead ?? answer;
  }
}

function written(fault: FaultState): SimulatedAnswer {
  const { http_status: status, body, content_type: contentType } = fault;
  return dressed({ status, body, contentType }, fault);
}

const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;

/** The answer with the fault's compression and `Retry-After`. */
function dressed(answer: SimulatedAnswer, { encoding, retry_after }: FaultState): SimulatedAnswer {
  const { body } = answer;
  return {
    ...answer,
    body: encoding === '' ? body : (now) => ENCODERS[encoding](bodyAt(body, now)),
    headers: {
      ...answer.headers,
      ...(encoding !== '' && { 'content-encoding': encoding }),
      ...(retry_after !== '' && { 'retry-after': retry_after }),
    },
  };
}

/** Leaves the socket silent, closes it, or sends the answer. */
function deliver(
  request: FastifyRequest,
  reply: FastifyReply,
  delivery: Delivery,
  send: (answer: SimulatedAnswer) => void,
): void {
  if (typeof delivery !== 'string') return send(delivery);
  reply.hijack();
  if (delivery === 'cut') request.raw.socket.destroy();
}

interface ServedRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Endpoint, by method and path. */
  readonly name: string;
  readonly faults: FaultBook;
  readonly delays: FaultDelays;
  readonly send: (answer: SimulatedAnswer) => void;
  /** Closes the socket in the venue's own way; false: the socket is still open. */
  readonly cut?: () => boolean;
}

/** Serves an admitted request, under the due fault of the endpoint if any. */
export function serveEndpoint(
  { request, reply, name, faults, delays, send, cut }: ServedRequest,
  handle: Handle,
  answers: () => FaultAnswers,
): void {
  const fault = faults.due(name);
  if (!fault) return send(handle(false));

  serveUnderFault(fault, faults, handle, answers(), delays).then(
    (delivery) => {
      if (delivery !== 'cut' || cut?.() !== true) deliver(request, reply, delivery, send);
    },
    (error: unknown) => void reply.send(error),
  );
}

/** Answers errors of Fastify and of our own code in the venue's format, and prints our own. */
export function answerErrors(
  app: FastifyInstance,
  send: (reply: FastifyReply, isOurs: boolean) => void,
): void {
  app.setErrorHandler((error, _request, reply) => {
    const isOurs = ((error as { statusCode?: number }).statusCode ?? 500) >= 500;
    if (isOurs) process.stderr.write(`${(error as Error).stack}\n`);
    send(reply, isOurs);
  });
}

/** Path and query exactly as sent: signatures cover the bytes. */
export function targetOf({ raw }: FastifyRequest): {
  readonly path: string;
  readonly query: string;
} {
  const target = raw.url ?? '';
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

const NO_BODY = Buffer.alloc(0);

export function bodyOf({ body }: FastifyRequest): Uint8Array {
  return body instanceof Uint8Array ? body : NO_BODY;
}

/** Body of a POST. Some venues never read the body of another request. */
export function postedBody(request: FastifyRequest): Uint8Array {
  return request.method === 'POST' ? bodyOf(request) : NO_BODY;
}

export interface RateLimit {
  readonly requests: number;
  readonly per_ms: number;
}

export interface RateVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remain: number;
  readonly resetAt: number;
}

/** Returns the verdict for a client over the limit. */
export function exhausted(verdict: RateVerdict): RateVerdict {
  return { ...verdict, allowed: false, remain: 0 };
}

/** Rate limiter with a window per key, opened by the first request. In memory. */
export class RateLimiter {
  private readonly windows = new Map<string, { opened: number; count: number }>();
  private readonly refused = new Map<string, number>();

  take(key: string, limit: RateLimit, now: number): RateVerdict {
    let window = this.windows.get(key);
    if (!window || now >= window.opened + limit.per_ms) {
      window = { opened: now, count: 0 };
      this.windows.set(key, window);
    }
    const allowed = window.count < limit.requests;
    if (allowed) window.count++;
    else this.refused.set(key, (this.refused.get(key) ?? 0) + 1);
    return {
      allowed,
      limit: limit.requests,
      remain: limit.requests - window.count,
      resetAt: window.opened + limit.per_ms,
    };
  }

  /** Returns the verdict of `take` without counting a request. */
  look(key: string, limit: RateLimit, now: number): RateVerdict {
    const window = this.windows.get(key);
    const open = window !== undefined && now < window.opened + limit.per_ms;
    const remain = limit.requests - (open ? window.count : 0);
    return {
      allowed: remain > 0,
      limit: limit.requests,
      remain,
      resetAt: (open ? window.opened : now) + limit.per_ms,
    };
  }

  /** Returns the number of refused calls, by key. */
  refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.refused);
  }

  reset(): void {
    this.windows.clear();
    this.refused.clear();
  }
}
