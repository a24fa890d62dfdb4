-- no-hold-without-withdrawal: each placed hold of the ledger that was compared belongs to a withdrawal here
SELECT h.withdrawal_id, h.account_id, h.asset, h.amount, h.placed_at, h.found_at FROM hold_without_withdrawal h WHERE h.resolved_at IS NULL
