import {
  Controller,
  Delete,
  Get,
  Inject,
  Param,
  Req,
  Res,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, CALLERS, type Callers, EnvelopeInterceptor } from '@sluice/http-api';
import { InjectConfig } from '@sluice/service-shell';
import type { ConsoleConfig } from '../settings/console-settings.js';
import { AccessTokens } from './access-tokens.js';
import { clearSessionCookie } from './cookies.js';
import { PersonEnds } from './person-ends.js';
import { SessionGuard, SessionOf } from './session.guard.js';
import { Sessions, type LiveSession } from './sessions.js';

/** The person's own session, and the list of sessions. */
@ApiExcludeController()
@Controller('api')
@UseGuards(SessionGuard)
@UseInterceptors(EnvelopeInterceptor)
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly ends: PersonEnds,
    private readonly tokens: AccessTokens,
    @Inject(CALLERS) private readonly callers: Callers,
    @InjectConfig() private readonly config: ConsoleConfig,
  ) {}

  @Get('session')
  own(@SessionOf() session: LiveSession) {
    const { person, roles, endsAt } = session;
    return {
      name: person,
      roles,
      ends_at: endsAt.toISOString(),
      idle_ends_at: this.idleEndOf(session),
      services: Object.keys(this.config.services),
      version: this.config.version,
      trace_url: this.config.traceUrl === '' ? null : this.config.traceUrl,
    };
  }

  @Get('sessions')
  async list(@SessionOf() own: LiveSession) {
    return (await this.visibleTo(own, await this.tokens.of(own))).map((session) => ({
      id: session.id,
      person: session.person,
      is_current: session.id === own.id,
      created_at: session.createdAt.toISOString(),
      last_used_at: session.lastUsedAt.toISOString(),
      idle_ends_at: this.idleEndOf(session),
      ends_at: session.endsAt.toISOString(),
      address: session.address,
      browser: session.browser,
    }));
  }

  /** Ends every session of the person: "log out everywhere". */
  @Delete('sessions')
  async endAll(
    @SessionOf() own: LiveSession,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly ended: number }> {
    const all = await this.sessions.list(own.person);
    const ended = await this.ends.end(request, own, all, 'revoked');
    clearSessionCookie(reply);
    return { ended };
  }

  @Delete('sessions/:id')
  async endOne(
    @SessionOf() own: LiveSession,
    @Req() request: FastifyRequest,
    @Param('id') id: string,
  ): Promise<{ readonly ended: number }> {
    const session = (await this.visibleTo(own, await this.tokens.freshOf(own))).find(
      (one) => one.id === id,
    );
    if (!session) throw ApiError.notFound('No such session');
    return { ended: await this.ends.end(request, own, [session], 'revoked') };
  }

  /** A person sees the own sessions, an administrator all; the token proves the role now. */
  private async visibleTo(own: LiveSession, token: string): Promise<readonly LiveSession[]> {
    const { name, roles } = await this.callers.prove(token);
    const isAll = name === own.person && roles.includes('administer');
    return this.sessions.list(isAll ? null : own.person);
  }

  private idleEndOf({ lastUsedAt, endsAt }: LiveSession): string {
    const idleEndMs = lastUsedAt.getTime() + this.sessions.idleMs;
    return new Date(Math.min(idleEndMs, endsAt.getTime())).toISOString();
  }
}
