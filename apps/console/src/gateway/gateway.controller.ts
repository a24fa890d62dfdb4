import { pipeline } from 'node:stream/promises';
import { All, Controller, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, rawBodyOf } from '@sluice/http-api';
import { ClientAddresses } from '@sluice/service-shell';
import { AccessTokens } from '../sessions/access-tokens.js';
import { RunningAnswers } from '../sessions/running-answers.js';
import { SessionGuard, SessionOf } from '../sessions/session.guard.js';
import type { LiveSession } from '../sessions/sessions.js';
import { CalledServices, ServiceSilentError, type UpstreamAnswer } from './called-services.js';
import { PasskeyDuty } from './passkey-duty.js';
import { serviceTarget } from './service-path.js';

const PREFIX = '/api/services/';
const ANSWER_WITHIN_MS = 30_000;
const MOST_BYTES = 1_048_576;
const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const SENT_ON = ['content-type', 'accept', 'last-event-id', 'sluice-passkey'] as const;
const ANSWERED = ['content-type', 'retry-after'] as const;

/** A call of a service may be larger than other bodies. To be called before the routes are made. */
export function acceptGatewayBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url.startsWith(PREFIX)) route.bodyLimit = MOST_BYTES;
  });
}

/** Passes a person's calls on to the admin APIs, with the person's own token and no further right. */
@ApiExcludeController()
@Controller(PREFIX)
@UseGuards(SessionGuard)
export class GatewayController {
  constructor(
    private readonly services: CalledServices,
    private readonly tokens: AccessTokens,
    private readonly running: RunningAnswers,
    private readonly addresses: ClientAddresses,
    private readonly duty: PasskeyDuty,
  ) {}

  @All('*')
  async pass(
    @SessionOf() session: LiveSession,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { method } = request;
    const call = serviceTarget(request.raw.url ?? '', PREFIX);
    if (!METHODS.has(method)) throw new ApiError(405, 'Method not allowed');
    if (call === null || !this.services.has(call.service)) throw ApiError.notFound('Not found');
    const isRead = method === 'GET';
    const accessToken = await (isRead ? this.tokens.of(session) : this.tokens.freshOf(session));
    const { signal, done } = this.running.begin(session.id);
    const leave = AbortSignal.any([signal, closeOf(reply)]);
    const body = isRead ? null : rawBodyOf(request);
    const browser = this.addresses.of(request);
    const { service } = call;
    const duty = this.duty.require({ service, accessToken, browser, sessionId: session.id });
    duty.catch(() => undefined); // a read goes on: only changes need the answer
    try {
      if (!isRead) await duty;
      const answer = await this.services.send({
        ...call,
        method,
        accessToken,
        browser,
        headers: picked(request.headers, SENT_ON),
        body: body !== null && body.length > 0 ? body : null,
        answerWithinMs: ANSWER_WITHIN_MS,
        signal: leave,
      });
      await passOn(reply, answer, leave);
    } catch (error) {
      throw error instanceof ServiceSilentError ? refusalOf(error) : error;
    } finally {
      done();
    }
  }
}

function refusalOf({ status, message }: ServiceSilentError): ApiError {
  return new ApiError(status, message);
}

/** Sends the answer while it arrives. A cut answer ends the connection, and never looks complete. */
async function passOn(
  reply: FastifyReply,
  { status, headers, body }: UpstreamAnswer,
  signal: AbortSignal,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(status, { ...reply.getHeaders(), ...picked(headers, ANSWERED) } as Record<
    string,
    string
  >);
  raw.flushHeaders();
  try {
    await pipeline(body, raw, { signal });
  } catch {
    raw.destroy(); // the session or the browser has gone, or the service broke off
  }
}

/** Aborts when the browser leaves. */
function closeOf({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController();
  raw.once('close', () => closed.abort());
  return closed.signal;
}

function picked(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
