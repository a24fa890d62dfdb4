/** Stores the public keys that signed orders. From then on, the account's orders need a signature. */
export const SIGNED = `
  INSERT INTO audited_signer (account_id, public_key)
  SELECT DISTINCT account_id, public_key FROM unnest($1::uuid[], $2::text[]) AS r(account_id, public_key)
  ON CONFLICT DO NOTHING`;

/** Holds without a proven request. */
export const NOT_REQUESTED = `
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT 'order_not_requested', 'account', h.account_id::text, h.withdrawal_id::text,
         json_build_object('withdrawal_id', h.withdrawal_id, 'account_id', h.account_id, 'asset', h.asset, 'amount', h.amount::text, 'venue', h.venue,
           'state', h.state, 'placed_at', h.placed_at,
           'account_signs', EXISTS (SELECT FROM audited_signer s WHERE s.account_id = h.account_id),
           'recipients', (SELECT json_agg(o.destination ORDER BY o.venue) FROM audited_order o WHERE o.withdrawal_id = h.withdrawal_id)),
         h.placed_at
    FROM audited_hold h
   WHERE h.requested_by IS NULL
     AND NOT EXISTS (SELECT FROM finding f WHERE f.kind = 'order_not_requested' AND f.subject = h.withdrawal_id::text)
   ORDER BY h.withdrawal_id
  ON CONFLICT DO NOTHING`;
