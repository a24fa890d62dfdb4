import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiError, CALLERS, type Caller, type Callers } from '@sluice/http-api';
import { ClientAddresses } from '@sluice/service-shell';
import {
  Issuer,
  IssuerRefusalError,
  IssuerSilentError,
  type LoginSecrets,
} from '../issuer/issuer.js';
import { sessionSecretIn } from '../sessions/cookies.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { Sessions } from '../sessions/sessions.js';

/** Completes logins: from the issuer's answer to a new session. */
@Injectable()
export class Logins {
  constructor(
    private readonly issuer: Issuer,
    private readonly sessions: Sessions,
    private readonly ends: SessionEnds,
    private readonly addresses: ClientAddresses,
    @Inject(CALLERS) private readonly callers: Callers,
  ) {}

  /**
   * Returns the secret of a new session. A session that the browser had before ends: nothing of the
   * time before the login is kept.
   */
  async complete(request: FastifyRequest, secrets: LoginSecrets): Promise<string> {
    const tokens = await this.issuer.redeem(request.url, secrets);
    const caller = await this.proven(tokens.accessToken);
    const before = sessionSecretIn(request);
    const old = before === null ? null : await this.sessions.find(before);
    if (old !== null) await this.ends.end([old], caller.name, 'replaced');
    return this.sessions.open(caller, tokens, {
      address: this.addresses.of(request),
      browser: request.headers['user-agent'] ?? '',
    });
  }

  /** Checks the access token by the rules of every service. */
  private async proven(accessToken: string): Promise<Caller> {
    try {
      const caller = await this.callers.prove(accessToken);
      if (caller.kind === 'person') return caller;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.getStatus() === 503) throw new IssuerSilentError(error.message);
      throw new IssuerRefusalError(error.message);
    }
    throw new IssuerRefusalError('The token of the issuer belongs to no person');
  }
}
