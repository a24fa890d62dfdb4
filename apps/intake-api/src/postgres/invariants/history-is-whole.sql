-- history-is-whole: history has no gap and begins with step 1, or with the step by which a lost withdrawal is continued, each step starts where the last one ended, and the last one is the row
SELECT withdrawal_id, sequence, 'gap or broken chain' AS fault
  FROM (SELECT e.*, lag(sequence) OVER w AS last_sequence, lag(to_state) OVER w AS last_state
          FROM withdrawal_event e WINDOW w AS (PARTITION BY withdrawal_id ORDER BY sequence)) steps
 WHERE (last_sequence IS NULL AND sequence <> 1 AND trigger <> 'continued')
    OR (last_sequence IS NOT NULL AND (sequence <> last_sequence + 1 OR from_state IS DISTINCT FROM last_state))
UNION ALL
SELECT w.id, w.sequence, 'row is not its last step'
  FROM withdrawal w
  LEFT JOIN LATERAL (SELECT sequence, to_state FROM withdrawal_event e WHERE e.withdrawal_id = w.id ORDER BY sequence DESC LIMIT 1) last ON true
 WHERE last.sequence IS DISTINCT FROM w.sequence OR last.to_state IS DISTINCT FROM w.state
UNION ALL
SELECT e.withdrawal_id, e.sequence, 'step of no withdrawal' FROM withdrawal_event e WHERE NOT EXISTS (SELECT FROM withdrawal w WHERE w.id = e.withdrawal_id)
