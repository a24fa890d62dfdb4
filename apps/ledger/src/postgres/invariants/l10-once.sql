-- L10 a withdrawal is captured once and its venue fee recorded once, a reference funds or transfers once, an entry is reversed once
SELECT kind, withdrawal_id::text AS business_key, count(*) FROM journal_entry WHERE kind IN ('capture', 'venue_fee') GROUP BY 1, 2 HAVING count(*) > 1
UNION ALL
SELECT kind, account_id || ' ' || reference, count(*) FROM journal_entry WHERE kind IN ('funding', 'transfer') GROUP BY 1, 2 HAVING count(*) > 1
UNION ALL
SELECT kind, reverses::text, count(*) FROM journal_entry WHERE reverses IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
UNION ALL
SELECT 'hold', withdrawal_id::text, count(*) FROM hold GROUP BY 1, 2 HAVING count(*) > 1
