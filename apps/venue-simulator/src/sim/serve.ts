import { setTimeout as sleep } from 'node:timers/promises';
import { unreachable } from '@sluice/result';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FaultBook, FaultState } from './faults.js';

export interface Answer {
  readonly status: number;
  /** Or what makes it when it is sent, in Unix milliseconds: some venues tell that time in it. */
  readonly body: string | ((now: number) => string);
  readonly contentType?: string;
  /** Beside those of every answer, or in place of one of them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Says no whatever the HTTP status: some venues refuse with 200. */
  readonly refused?: boolean;
}

export function bodyAt(body: Answer['body'], now: number): string {
  return typeof body === 'string' ? body : body(now);
}

/** What becomes of a request: an answer, an open socket that stays silent, or a socket that is cut. */
export type Delivery = Answer | 'hang' | 'cut';

/** What a venue says in the faults that answer at all. */
export interface FaultAnswers {
  readonly refusal: Answer;
  readonly serverError: Answer;
  readonly tooManyRequests: Answer;
}

export interface FaultDelays {
  readonly hang_ms: number;
  readonly slow_listing_ms: number;
}

/** What a status that goes back asks of the handler. */
export type Handle = (statusGoesBack: boolean) => Answer;

const HTML =
  '<html><head><title>Bad Gateway</title></head><body><center><h1>Bad Gateway</h1></center><hr></body></html>\n';

/**
 * Serves one authenticated request under the fault whose turn it is. An `accept_…` fault and `status_goes_back` are used up
 * only by a request that the venue does accept; the other faults come before the venue looks at the request's content.
 */
export async function serveUnderFault(
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
    case 'refuse_with':
      return used(written(fault));
    case 'refuse_with_5xx':
      return used(answers.serverError);
    case 'too_many_requests':
      return used(answers.tooManyRequests);
    case 'html_body':
      return used({ status: fault.http_status, body: HTML, contentType: 'text/html' });
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

  function used(answer: Answer): Answer {
    faults.use(fault);
    return answer;
  }

  function ifAccepted(answer: Answer, instead: Delivery | null): Delivery {
    if (answer.refused || answer.status >= 300) return answer;
    faults.use(fault);
    return instead ?? answer;
  }
}

function written({ http_status, body, content_type }: FaultState): Answer {
  return { status: http_status, body, contentType: content_type };
}

/** Leaves the socket open and silent, cuts it, or sends the answer in the venue's own way. */
export function deliver(
  request: FastifyRequest,
  reply: FastifyReply,
  delivery: Delivery,
  send: (answer: Answer) => void,
): void {
  if (typeof delivery !== 'string') return send(delivery);
  reply.hijack();
  if (delivery === 'cut') request.raw.socket.destroy();
}
