import { isObject } from '@sluice/kernel';
import type { KeyRights } from '@sluice/connector-engine';

/**
 * Permissions in use: `withdrawal` for payments, `wallet` for records, `spot` for balances;
 * `account` for reading the key's permissions.
 */
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
