-- L10 a withdrawal is captured once and its venue fee recorded once, a reference funds an account once
SELECT kind, withdrawal_id::text AS business_key, count(*) FROM journal_entry WHERE withdrawal_id IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
UNION ALL
SELECT kind, account_id || ' ' || reference, count(*) FROM journal_entry WHERE kind = 'funding' GROUP BY 1, 2 HAVING count(*) > 1
UNION ALL
SELECT 'hold', withdrawal_id::text, count(*) FROM hold GROUP BY 1, 2 HAVING count(*) > 1
