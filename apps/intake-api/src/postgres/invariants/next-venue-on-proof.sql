-- next-venue-on-proof: a withdrawal is with one venue at a time: each earlier one has refused it for good, before anything was accepted or unknown
SELECT w.id, w.venue, w.tried
  FROM withdrawal w
 WHERE (SELECT count(*) FROM withdrawal_step e WHERE e.withdrawal_id = w.id AND e.trigger = 'rerouted') <> cardinality(w.tried)
    OR EXISTS (SELECT FROM withdrawal_step e WHERE e.withdrawal_id = w.id AND e.trigger = 'rerouted' AND e.from_state <> 'submitting')
