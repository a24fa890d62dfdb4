import { Injectable } from '@nestjs/common';
import type { KeyRights, VenueStartCheck } from '@sluice/connector-engine';
import { isObject } from '@sluice/kernel';
import { InjectConfig } from '@sluice/service-shell';
import { describe as describeAnswer } from './gateio.answers.js';
import { GateioClient } from './gateio.client.js';

/**
 * Checks that the key can reconcile payments, and reads the venue's clock. Returns the fault, or
 * null.
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

/** `withdrawal` pays, `wallet` reads records, `spot` balances, `account` the key's permissions. */
const WRITES: readonly string[] = ['withdrawal'];
const READS: readonly string[] = ['wallet', 'spot'];
const ASKS = 'account';

interface KeyPermission {
  readonly name: string;
  readonly isReadOnly: boolean;
}

/** The answer of GET /account/main_keys; null where this key is not in it. Keys are shown by their beginning, the rest as asterisks. */
export function keyRightsIn(json: unknown, apiKey: string): KeyRights | null {
  const keys = (Array.isArray(json) ? json : [json]).filter(isObject);
  const own = keys.find(({ key }) => typeof key === 'string' && isShownAs(apiKey, key));
  if (own === undefined) return null;
  const held = permissionsIn(own['perms']);
  const has = (name: string, toWrite: boolean): boolean =>
    held.some((one) => one.name === name && !(toWrite && one.isReadOnly));
  const whitelist: unknown = own['ip_whitelist'];
  return {
    kind: 'rights',
    lacks: [
      ...WRITES.filter((name) => !has(name, true)),
      ...READS.filter((name) => !has(name, false)).map((name) => `${name} (to read)`),
    ],
    surplus: held.flatMap(({ name, isReadOnly }) =>
      WRITES.includes(name) || ([...READS, ASKS].includes(name) && isReadOnly)
        ? []
        : [isReadOnly ? `${name} (to read)` : `${name} (to write)`],
    ),
    isOpenToAll: !Array.isArray(whitelist) || whitelist.length === 0,
    endsAt: null,
    untold: null,
  };
}

function isShownAs(apiKey: string, shown: string): boolean {
  const start = shown.replace(/\*+$/, '');
  return start.length >= 4 && (start === shown ? apiKey === shown : apiKey.startsWith(start));
}

function permissionsIn(perms: unknown): readonly KeyPermission[] {
  return (Array.isArray(perms) ? perms : []).filter(isObject).map(({ name, read_only: only }) => ({
    name: String(name),
    isReadOnly: only === true,
  }));
}
