-- frozen-while-a-freeze-is-in-force: an account is frozen while it has a freeze in force, and only then
SELECT a.id AS account_id, a.frozen, count(f.freeze_id) AS in_force
  FROM account a LEFT JOIN account_freeze f ON f.account_id = a.id AND f.lifted_at IS NULL
 GROUP BY a.id HAVING a.frozen <> (count(f.freeze_id) > 0)
