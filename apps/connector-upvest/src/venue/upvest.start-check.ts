import { Injectable } from '@nestjs/common';
import type { KeyRights, VenueStartCheck } from '@sluice/connector-engine';
import { describe as describeAnswer, problemNameOf } from './upvest.answers.js';
import { NOBODYS, UpvestClient } from './upvest.client.js';

/**
 * Checks by a query of a non-existent withdrawal: `not_found` proves client, signature, token and
 * scope. Reads the clock before. Returns the fault, or null.
 */
@Injectable()
export class UpvestStartCheck implements VenueStartCheck {
  constructor(private readonly client: UpvestClient) {}

  readClock(): Promise<unknown> {
    return this.client.readClock();
  }

  /** A token has the requested scopes at most, and the connector requests only the needed ones. */
  async keyRights(): Promise<KeyRights> {
    const fault = await this.fault();
    if (fault !== null) return { kind: 'unavailable', cause: fault };
    return {
      kind: 'rights',
      lacks: [],
      surplus: [],
      isOpenToAll: null,
      endsAt: null,
      untold:
        'Upvest reports only the requested scopes of a client: check its portal for other rights and addresses.',
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
