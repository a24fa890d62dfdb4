-- closed-is-signed-no-more: a withdrawal that was closed before a nonce was given to it never gets one
SELECT c.withdrawal_id, n.nonce FROM closed_withdrawal c JOIN signed_nonce n USING (withdrawal_id) WHERE NOT c.signed
