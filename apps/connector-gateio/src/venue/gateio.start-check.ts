import { Injectable } from '@nestjs/common';
import type { KeyRights, VenueStartCheck } from '@sluice/connector-engine';
import { InjectConfig } from '@sluice/service-shell';
import { describe as describeAnswer } from './gateio.answers.js';
import { GateioClient } from './gateio.client.js';
import { keyRightsIn } from './gateio.key-rights.js';

/**
 * Checks that the key can reconcile payments: `wallet` and `withdrawal` are separate permissions.
 * Reads the venue's clock, because all requests are signed with the venue's time. Returns the
 * fault, or null.
 */
@Injectable()
export class GateioStartCheck implements VenueStartCheck {
  constructor(
    private readonly client: GateioClient,
    @InjectConfig() private readonly config: { readonly apiKey: string },
  ) {}

  readClock(): Promise<unknown> {
    return this.client.readClock();
  }

  async keyRights(): Promise<KeyRights> {
    const answer = await this.client.mainKeys();
    const rights =
      answer.kind === 'answer' && answer.status === 200
        ? keyRightsIn(answer.json, this.config.apiKey)
        : null;
    return (
      rights ?? {
        kind: 'unavailable',
        cause: `Gate does not report the rights of the key (${describeAnswer(answer)})`,
      }
    );
  }

  async fault(): Promise<string | null> {
    if (!(await this.client.readClock())) return 'the clock of Gate cannot be read';
    const answer = await this.client.listWithdrawals(new URLSearchParams({ limit: '1' }));
    if (answer.kind === 'answer' && answer.status === 200) return null;
    return `the withdrawal records cannot be read (${describeAnswer(answer)}): without them no outcome can be found again`;
  }
}
