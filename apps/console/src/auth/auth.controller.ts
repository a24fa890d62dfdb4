import { Controller, Get, HttpCode, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InjectConfig } from '@sluice/service-shell';
import type { ConsoleConfig } from '../settings/console-settings.js';
import { Issuer, IssuerRefusalError, IssuerSilentError } from '../issuer/issuer.js';
import {
  clearSessionCookie,
  loginSecretIn,
  newSecret,
  setLoginCookie,
  setSessionCookie,
} from '../sessions/cookies.js';
import { LOGIN_LIFE_MS, LoginAttempts } from '../sessions/login-attempts.js';
import { LoginFloodError } from '../sessions/login-rate.js';
import { PersonEnds } from '../sessions/person-ends.js';
import { SessionGuard, SessionOf } from '../sessions/session.guard.js';
import type { LiveSession } from '../sessions/sessions.js';
import { localPath } from './local-path.js';
import { loginFaultPage } from './login-fault-page.js';
import { Logins } from './logins.js';

/** Login at the issuer and logout. The browser gets cookies and redirects, never a token. */
@ApiExcludeController()
@Controller('auth')
export class AuthController {
  constructor(
    private readonly attempts: LoginAttempts,
    private readonly logins: Logins,
    private readonly ends: PersonEnds,
    private readonly issuer: Issuer,
    @InjectConfig() private readonly config: ConsoleConfig,
  ) {}

  @Get('login')
  async login(
    @Query('to') to: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await answerPage(reply, async () => {
      const browser = loginSecretIn(request) ?? newSecret();
      const target = localPath(to, this.config.consoleUrl);
      const url = await this.issuer.loginUrl(await this.attempts.begin(request, browser, target));
      setLoginCookie(reply, browser, LOGIN_LIFE_MS);
      return url;
    });
  }

  @Get('callback')
  async callback(
    @Query('state') state: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await answerPage(reply, async () => {
      const browser = loginSecretIn(request);
      const attempt =
        browser === null || typeof state !== 'string'
          ? null
          : await this.attempts.take(browser, state);
      if (attempt === null)
        throw new IssuerRefusalError(
          'This login has expired, is complete already, or began in another browser.',
        );
      setSessionCookie(reply, await this.logins.complete(request, attempt.secrets));
      return attempt.target;
    });
  }

  @Post('logout')
  @HttpCode(200)
  @UseGuards(SessionGuard)
  async logout(
    @SessionOf() session: LiveSession,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.ends.end(request, session, [session], 'logout');
    clearSessionCookie(reply);
    return { data: { end_session_url: await this.issuer.endSessionUrl() } };
  }
}

/** Redirects to the result of the work, or answers a page with the fault. */
async function answerPage(reply: FastifyReply, work: () => Promise<string>): Promise<void> {
  try {
    await reply.redirect(await work(), 302);
  } catch (error) {
    const status = statusOf(error);
    if (status === null || !(error instanceof Error)) throw error;
    if (error instanceof LoginFloodError)
      void reply.header('retry-after', String(error.retryAfterSeconds));
    const page = loginFaultPage(error.message);
    await reply.code(status).type('text/html; charset=utf-8').send(page);
  }
}

/** Status of a fault that a person gets to read; null for every other error. */
function statusOf(error: unknown): number | null {
  if (error instanceof IssuerRefusalError) return 400;
  if (error instanceof LoginFloodError) return 429;
  return error instanceof IssuerSilentError ? 503 : null;
}
