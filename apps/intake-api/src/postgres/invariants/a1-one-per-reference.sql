-- A1 a client reference made at most one withdrawal
SELECT key_id, client_reference, count(*) FROM withdrawal WHERE client_reference IS NOT NULL GROUP BY key_id, client_reference HAVING count(*) > 1
