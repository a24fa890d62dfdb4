import { Injectable } from '@nestjs/common';
import type { KeyRights, VenueStartCheck } from '@sluice/connector-engine';
import { describe } from './bybit.answers.js';
import { resultOf, BybitClient } from './bybit.client.js';
import { keyRightsIn } from './bybit.key-rights.js';

/**
 * Checks the key's rights to pay and to reconcile payments: records need a key of the master
 * account, the address book needs the right to withdraw. Also reads the venue's clock, because
 * Bybit rejects a timestamp a second ahead. Returns the fault, or null.
 */
@Injectable()
export class BybitStartCheck implements VenueStartCheck {
  constructor(private readonly client: BybitClient) {}

  readClock(): Promise<unknown> {
    return this.client.readClock();
  }

  async keyRights(): Promise<KeyRights> {
    const answer = await this.client.keyInfo();
    const info = resultOf(answer);
    return info === null
      ? {
          kind: 'unavailable',
          cause: `Bybit does not report the rights of the key (${describe(answer)})`,
        }
      : keyRightsIn(info);
  }

  async fault(): Promise<string | null> {
    if (!(await this.client.readClock())) return 'the clock of Bybit cannot be read';
    const records = await this.client.queryRecord(
      new URLSearchParams({ withdrawType: '2', limit: '1' }),
    );
    if (!resultOf(records))
      return `the withdrawal records cannot be read (${describe(records)}): without them no outcome can be found again`;
    const book = await this.client.queryAddress(new URLSearchParams({ limit: '1' }));
    return resultOf(book)
      ? null
      : `the address book cannot be read (${describe(book)}): the key lacks the right to withdraw`;
  }
}
