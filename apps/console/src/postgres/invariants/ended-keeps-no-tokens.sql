-- ended-keeps-no-tokens: an ended session has no tokens, and a session past its end is ended soon
SELECT id, person, ends_at, ended_at FROM session
 WHERE (ended_at IS NOT NULL AND tokens IS NOT NULL)
    OR (ended_at IS NULL AND ends_at < now() - interval '10 minutes')
