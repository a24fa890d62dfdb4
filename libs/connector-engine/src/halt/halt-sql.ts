import { HALT_ENDS, inForceSql } from '@sluice/service-shell';

/**
 * SQL condition for a halted submission `s`. The condition is part of every claiming statement and
 * applies to all instances at once. `verified`: placeholder of the ids of the halts whose lift this
 * process has verified; a halt with a forged lift stays in force without any delay.
 */
export function haltedSql(verified: string): string {
  const inForce = `SELECT FROM halt h WHERE ${inForceSql('h', HALT_ENDS, verified)}`;
  return `
  (EXISTS (${inForce})
   AND EXISTS (${inForce} AND (h.scope IN ('venue','all') OR (h.scope = 'asset' AND h.target = s.asset) OR (h.scope = 'account' AND h.target = s.account_id::text) OR (h.scope = 'key' AND h.target = s.key_id))))`;
}
