import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '@sluice/http-api';
import { InjectConfig } from '@sluice/service-shell';
import type { ConsoleConfig } from '../settings/console-settings.js';
import { sessionEnded } from './access-tokens.js';
import { sessionSecretIn } from './cookies.js';
import { foreignFault, isAction } from './foreign-requests.js';
import { Sessions, type LiveSession } from './sessions.js';

interface ConsoleRequest extends FastifyRequest {
  session?: LiveSession;
}

/** Admits calls of the console's own page with a live session. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    @InjectConfig() private readonly config: ConsoleConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ConsoleRequest>();
    const fault = foreignFault(request.headers, this.config.consoleUrl);
    if (fault !== null) throw new ApiError(403, fault);
    const secret = sessionSecretIn(request);
    const session = secret === null ? null : await this.sessions.find(secret);
    if (session === null) throw sessionEnded();
    if (isAction(request.headers)) await this.sessions.touch(session);
    request.session = session;
    return true;
  }
}

/** Parameter decorator for the session admitted by the guard. */
export const SessionOf = createParamDecorator(
  (_: unknown, context: ExecutionContext): LiveSession => {
    const { session } = context.switchToHttp().getRequest<ConsoleRequest>();
    if (!session) throw new Error('no guard has found the session of this call');
    return session;
  },
);
