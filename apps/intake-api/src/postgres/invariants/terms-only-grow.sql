-- terms-only-grow: the versions of terms have no gap, and none was in force before it was recorded
WITH version AS (
  SELECT 'network ' || network AS subject, version, effective_at, recorded_at FROM network_terms
  UNION ALL
  SELECT 'currency ' || currency || '.' || network, version, effective_at, recorded_at FROM currency_terms
  UNION ALL
  SELECT 'account ' || account_id || ' ' || currency || '.' || network, version, effective_at, recorded_at FROM account_terms)
SELECT subject, max(version) AS newest, count(*) FROM version GROUP BY subject HAVING max(version) <> count(*)
UNION ALL
SELECT subject, version, 0 FROM version WHERE effective_at < recorded_at
