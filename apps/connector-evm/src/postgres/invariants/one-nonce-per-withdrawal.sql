-- one-nonce-per-withdrawal: A withdrawal has one nonce for ever: every attempt went out under it, in bytes that are on record. After a restore, an attempt that was put on record from memory may have lost its nonce; then no other nonce is on record.
SELECT withdrawal_id::text AS violated, 'more than one nonce' AS found FROM nonce WHERE withdrawal_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1
UNION ALL
SELECT a.withdrawal_id::text, a.request
  FROM attempt a, LATERAL (SELECT a.request::jsonb AS body) r
 WHERE NOT EXISTS (
   SELECT FROM nonce n JOIN transaction t USING (network, address, nonce)
    WHERE n.withdrawal_id = a.withdrawal_id AND n.network = r.body ->> 'network' AND n.address = r.body ->> 'from' AND n.nonce = (r.body ->> 'nonce')::bigint
      AND t.hash = r.body ->> 'hash' AND t.raw = r.body ->> 'raw')
   AND NOT (a.put_back_at IS NOT NULL AND NOT EXISTS (SELECT FROM nonce n WHERE n.withdrawal_id = a.withdrawal_id))
