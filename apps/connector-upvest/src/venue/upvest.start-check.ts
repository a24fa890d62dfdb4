import { Injectable } from '@nestjs/common';
import type { KeyRights, VenueStartCheck } from '@sluice/connector-engine';
import { InjectConfig } from '@sluice/service-shell';
import { describe as describeAnswer, problemNameOf } from './upvest.answers.js';
import { NOBODYS, UpvestClient } from './upvest.client.js';

/** `payments:admin` pays and cancels, `payments:read` finds again. */
const NEEDED: readonly string[] = ['payments:admin', 'payments:read'];

/**
 * Checks whether our credentials can read back payments. Upvest has no list of the whole tenant,
 * and the check queries a non-existent withdrawal. `not_found` proves client, signature, token and
 * scope together. The venue's clock is read first, because every signature needs the time. Returns
 * the fault, or null.
 */
@Injectable()
export class UpvestStartCheck implements VenueStartCheck {
  constructor(
    private readonly client: UpvestClient,
    @InjectConfig() private readonly config: { readonly scopes: string },
  ) {}

  readClock(): Promise<unknown> {
    return this.client.readClock();
  }

  /**
   * A token has the requested scopes, or Upvest issues no token: the requested scopes are the
   * connector's rights.
   */
  async keyRights(): Promise<KeyRights> {
    const fault = await this.fault();
    if (fault !== null) return { kind: 'unavailable', cause: fault };
    const asked = this.config.scopes.split(' ').filter((scope) => scope !== '');
    return {
      kind: 'rights',
      lacks: NEEDED.filter((scope) => !asked.includes(scope)),
      surplus: asked.filter((scope) => !NEEDED.includes(scope)),
      isOpenToAll: null,
      endsAt: null,
      untold:
        'Upvest reports only the requested scopes of a client (UPVEST_SCOPES): check its portal for other rights and addresses.',
    };
  }

  async fault(): Promise<string | null> {
    if (!(await this.client.readClock())) return 'the clock of Upvest cannot be read';
    const answer = await this.client.get(NOBODYS);
    if (
      answer.kind === 'answer' &&
      answer.status === 404 &&
      problemNameOf(answer.json) === 'not_found'
    )
      return null;
    if (answer.kind === 'answer' && answer.status === 200) return null;
    return `withdrawals cannot be read (${describeAnswer(answer)}): without them no outcome can be found again`;
  }
}
