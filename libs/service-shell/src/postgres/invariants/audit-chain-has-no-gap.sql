-- audit-chain-has-no-gap: the audit log has an entry for every number up to its newest
SELECT sequence, before
  FROM (SELECT sequence, coalesce(lag(sequence) OVER (ORDER BY sequence), 0) AS before FROM audit_entry) AS entry
 WHERE sequence <> before + 1
