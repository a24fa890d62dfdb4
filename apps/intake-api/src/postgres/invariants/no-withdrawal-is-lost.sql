-- no-withdrawal-is-lost: each hold that the ledger has placed or captured belongs to a withdrawal here
SELECT l.withdrawal_id, l.account_id, l.asset, l.amount, l.state, l.placed_at FROM lost_withdrawal l WHERE l.resolved_at IS NULL
