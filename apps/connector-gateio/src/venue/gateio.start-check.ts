import { Injectable } from '@nestjs/common';
import type { VenueStartCheck } from '@sluice/connector-engine';
import { describe as describeAnswer } from './gateio.answers.js';
import { GateioClient } from './gateio.client.js';

/**
 * Whether this key can reconcile what it pays: `wallet` and `withdrawal` are separate permissions. Also reads the
 * venue's clock, by which everything is signed. Answers what is wrong, or null.
 */
@Injectable()
export class GateioStartCheck implements VenueStartCheck {
  constructor(private readonly client: GateioClient) {}

  readClock(): Promise<unknown> {
    return this.client.readClock();
  }

  async fault(): Promise<string | null> {
    if (!(await this.client.readClock())) return 'the clock of Gate cannot be read';
    const answer = await this.client.listWithdrawals(new URLSearchParams({ limit: '1' }));
    if (answer.kind === 'answer' && answer.status === 200) return null;
    return `the withdrawal records cannot be read (${describeAnswer(answer)}): without them no outcome can be found again`;
  }
}
