-- used-within-its-life: a session is used between its login and its end
SELECT id, person, created_at, last_used_at, ends_at, ended_at FROM session
 WHERE last_used_at < created_at OR last_used_at > ends_at OR last_used_at > ended_at
