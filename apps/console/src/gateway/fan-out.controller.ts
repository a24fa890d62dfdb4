import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '@sluice/http-api';
import { parseWireJson } from '@sluice/kernel';
import { ClientAddresses } from '@sluice/service-shell';
import { AccessTokens } from '../sessions/access-tokens.js';
import { RunningAnswers } from '../sessions/running-answers.js';
import { SessionGuard, SessionOf } from '../sessions/session.guard.js';
import type { LiveSession } from '../sessions/sessions.js';
import { textOf } from './answer-text.js';
import { CalledServices, type ServiceCall, ServiceSilentError } from './called-services.js';
import { internalTarget } from './service-path.js';

const PREFIX = '/api/every/';
const WITHIN_MS = 10_000;

interface ServicePart {
  readonly service: string;
  readonly status: number;
  readonly data?: unknown;
  readonly message?: string;
}

/** Asks every service the same question. A service without an answer stays in the list, with the reason. */
@ApiExcludeController()
@Controller(PREFIX)
@UseGuards(SessionGuard)
export class FanOutController {
  constructor(
    private readonly services: CalledServices,
    private readonly tokens: AccessTokens,
    private readonly running: RunningAnswers,
    private readonly addresses: ClientAddresses,
  ) {}

  @Get('*')
  async every(
    @SessionOf() session: LiveSession,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly data: readonly ServicePart[] }> {
    const { url = '' } = request.raw;
    const target = url.startsWith(PREFIX) ? internalTarget(url.slice(PREFIX.length)) : null;
    if (target === null) throw ApiError.notFound('Not found');
    const accessToken = await this.tokens.of(session);
    const browser = this.addresses.of(request);
    const { signal, done } = this.running.begin(session.id);
    reply.raw.once('close', done);
    const asked = this.services.names.map((service) =>
      this.ask({ service, target, accessToken, browser }, signal),
    );
    return { data: await Promise.all(asked) };
  }

  private async ask(
    asked: Pick<ServiceCall, 'service' | 'target' | 'accessToken' | 'browser'>,
    ended: AbortSignal,
  ): Promise<ServicePart> {
    const { service } = asked;
    const late = AbortSignal.timeout(WITHIN_MS);
    try {
      const answer = await this.services.send({
        ...asked,
        method: 'GET',
        headers: { accept: 'application/json' },
        body: null,
        answerWithinMs: WITHIN_MS,
        signal: AbortSignal.any([late, ended]),
      });
      return partOf(service, answer.status, await textOf(answer));
    } catch (error) {
      if (late.aborted)
        return { service, status: 504, message: `${service} did not answer in time` };
      const { status, message } =
        error instanceof ServiceSilentError
          ? error
          : { status: 502, message: `The answer of ${service} is not complete or too large` };
      return { service, status, message };
    }
  }
}

/** Returns a part of the list from a service's answer in the common envelope. */
function partOf(service: string, status: number, text: string): ServicePart {
  try {
    const { data, message } = Object(parseWireJson(text)) as Record<string, unknown>;
    return {
      service,
      status,
      ...(data !== undefined && { data }),
      ...(status >= 400 && typeof message === 'string' && { message }),
    };
  } catch {
    return { service, status: 502, message: `The answer of ${service} is not readable` };
  }
}
