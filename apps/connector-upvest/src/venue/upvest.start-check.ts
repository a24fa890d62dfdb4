import { Injectable } from '@nestjs/common';
import type { VenueStartCheck } from '@sluice/connector-engine';
import { describe as describeAnswer, problemNameOf } from './upvest.answers.js';
import { NOBODYS, UpvestClient } from './upvest.client.js';

/**
 * Whether our credentials can read back what they pay. There is no list of the whole tenant, so a withdrawal that cannot exist is
 * asked for: `not_found` proves client, signature, token and scope together. Its clock is read first, by which everything is signed. Answers what is wrong, or null.
 */
@Injectable()
export class UpvestStartCheck implements VenueStartCheck {
  constructor(private readonly client: UpvestClient) {}

  readClock(): Promise<unknown> {
    return this.client.readClock();
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
