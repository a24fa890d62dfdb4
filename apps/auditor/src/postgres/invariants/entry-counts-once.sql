-- entry-counts-once: no journal entry debits an account both as the capture of a hold and as another capture or movement
SELECT h.withdrawal_id, h.entry_id, h.account_id
  FROM audited_withdrawal h JOIN audited_movement m ON m.entry_id = h.entry_id AND m.account_id = h.account_id
 UNION ALL
SELECT h.withdrawal_id, h.entry_id, h.account_id
  FROM audited_withdrawal h JOIN audited_withdrawal o ON o.entry_id = h.entry_id AND o.withdrawal_id <> h.withdrawal_id
