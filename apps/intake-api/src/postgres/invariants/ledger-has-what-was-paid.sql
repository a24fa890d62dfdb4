-- ledger-has-what-was-paid: the ledger has the hold, the capture or the release of each withdrawal that was compared
SELECT d.withdrawal_id, d.kind, d.detail, d.found_at FROM ledger_difference d WHERE d.resolved_at IS NULL
