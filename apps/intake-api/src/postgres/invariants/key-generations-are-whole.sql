-- key-generations-are-whole: the generations of an API key have no gap, and a key that was revoked stays so
SELECT key_id, max(generation) AS newest, count(*) FROM api_key GROUP BY key_id HAVING max(generation) <> count(*)
UNION ALL
SELECT k.key_id, k.generation, 0 FROM api_key k JOIN api_key earlier USING (key_id) WHERE earlier.generation < k.generation AND earlier.revoked_at IS NOT NULL AND k.revoked_at IS NULL
