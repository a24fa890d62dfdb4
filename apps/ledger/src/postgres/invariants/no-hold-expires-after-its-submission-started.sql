-- no-hold-expires-after-its-submission-started: no hold has expired after its submission had started, and only a placed one still may
SELECT withdrawal_id, state, expires_at, submission_started_at
  FROM hold WHERE (state = 'expired' AND submission_started_at IS NOT NULL) OR (expires_at IS NOT NULL AND (state <> 'placed' OR submission_started_at IS NOT NULL))
