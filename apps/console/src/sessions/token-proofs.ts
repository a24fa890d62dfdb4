import { Inject, Injectable } from '@nestjs/common';
import { CALLERS, type Callers } from '@sluice/http-api';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { Sessions, type LiveSession } from './sessions.js';

/** Compares new tokens with the session, by the rules of every service. */
@Injectable()
export class TokenProofs {
  constructor(
    @Inject(CALLERS) private readonly callers: Callers,
    private readonly sessions: Sessions,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * False if the token belongs to another person. New roles are stored for the page. A token that
   * cannot be checked now stays: each service checks it again.
   */
  async fits(token: string, session: LiveSession): Promise<boolean> {
    try {
      const { name, roles } = await this.callers.prove(token);
      if (name !== session.person) return false;
      await this.sessions.setRoles(session, roles);
    } catch (error) {
      this.logger.warn({ err: error }, 'a refreshed token could not be checked');
    }
    return true;
  }
}
