import { Injectable } from '@nestjs/common';
import type { KeyRights, VenueStartCheck } from '@sluice/connector-engine';
import { isObject } from '@sluice/kernel';
import { describe } from './bybit.answers.js';
import { BybitClient, resultOf } from './bybit.client.js';

/**
 * Checks that a key of the master account reads records and the address book, and reads the clock.
 * Returns the fault, or null.
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

const NEEDED = 'Wallet: Withdraw';

/** Parses `result` of GET /v5/user/query-api, available to any key for the key's own rights. */
export function keyRightsIn(info: Readonly<Record<string, unknown>>): KeyRights {
  const { permissions, readOnly, isMaster, ips, expiredAt } = info;
  const held = Object.entries(isObject(permissions) ? permissions : {}).flatMap(
    ([group, rights]) =>
      Array.isArray(rights) ? rights.map((right) => `${group}: ${String(right)}`) : [],
  );
  return {
    kind: 'rights',
    lacks: [
      ...(held.includes(NEEDED) ? [] : [NEEDED]),
      ...(readOnly === 1 ? ['the right to write (readOnly is 1)'] : []),
      ...(isMaster === false ? ['that it is of the master account (isMaster)'] : []),
    ],
    surplus: held.filter((right) => right !== NEEDED),
    isOpenToAll: !Array.isArray(ips) || ips.length === 0 || ips.includes('*'),
    endsAt: dateIn(expiredAt),
    untold: null,
  };
}

/** Returns the expiry. A key bound to addresses has none, or an expiry in the year 1. */
function dateIn(text: unknown): Date | null {
  const date = typeof text === 'string' ? new Date(text) : null;
  return date === null || !(date.getTime() > 0) ? null : date;
}
