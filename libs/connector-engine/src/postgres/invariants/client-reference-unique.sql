-- client-reference-unique: A client reference belongs to one withdrawal, and every attempt went out under the one of its submission.
SELECT client_reference, count(*)::text AS found FROM submission GROUP BY 1 HAVING count(*) > 1
UNION ALL
SELECT a.client_reference, s.client_reference FROM attempt a JOIN submission s USING (withdrawal_id) WHERE a.client_reference <> s.client_reference
