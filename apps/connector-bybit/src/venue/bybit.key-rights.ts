import { isObject } from '@sluice/kernel';
import type { KeyRights } from '@sluice/connector-engine';

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
