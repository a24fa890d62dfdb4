const IN_FORCE = 'SELECT FROM halt h WHERE h.lifted_at IS NULL';

/**
 * True for a submission `s` that may not be sent. Part of every statement that claims something to send, so that it applies to all
 * instances at once. While no halt is in force it costs one look for the whole statement.
 */
export const HALTED = `
  (EXISTS (${IN_FORCE})
   AND EXISTS (${IN_FORCE} AND (h.scope IN ('venue','all') OR (h.scope = 'asset' AND h.target = s.asset) OR (h.scope = 'account' AND h.target = s.account_id::text) OR (h.scope = 'key' AND h.target = s.key_id))))`;
