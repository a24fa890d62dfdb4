-- one-withdrawal-per-client-reference: a client reference made at most one withdrawal, an archived one included
SELECT reference_scope, client_reference, count(*) FROM withdrawal WHERE client_reference IS NOT NULL GROUP BY reference_scope, client_reference HAVING count(*) > 1
UNION ALL
SELECT reference_scope, client_reference, 2 FROM withdrawal w JOIN archived_withdrawal r USING (reference_scope, client_reference) WHERE r.id <> w.id
