const IN_FORCE = 'SELECT FROM halt h WHERE h.lifted_at IS NULL';

/**
 * True for a halted submission `s`. The condition is part of every claiming statement and applies
 * to all instances at once. While no halt is in force, the cost is a single lookup per statement.
 */
export const HALTED = `
  (EXISTS (${IN_FORCE})
   AND EXISTS (${IN_FORCE} AND (h.scope IN ('venue','all') OR (h.scope = 'asset' AND h.target = s.asset) OR (h.scope = 'account' AND h.target = s.account_id::text) OR (h.scope = 'key' AND h.target = s.key_id))))`;
