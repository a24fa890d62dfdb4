-- approved-by-two-people: what was approved was asked for by one person and approved by another one with the role and another passkey, before it expired
SELECT id, action, target, requested_by, approved_by
  FROM approval
 WHERE approved_at IS NOT NULL
   AND (lower(approved_by) = lower(requested_by) OR approved_with = requested_with OR ('approve' = ANY (approver_roles)) IS NOT TRUE OR approved_at >= expires_at OR approved_at < requested_at
        OR digest <> sha256(convert_to(action || E'\n' || target || E'\n' || request, 'UTF8')))
