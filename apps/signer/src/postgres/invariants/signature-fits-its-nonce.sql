-- signature-fits-its-nonce: what was signed under a nonce is a void, or what the nonce was given for
SELECT s.hash, s.kind, n.kind AS given_for, n.withdrawal_id
  FROM signature s JOIN signed_nonce n USING (chain_id, address, nonce)
 WHERE s.kind <> 'void'
   AND (s.kind, s.recipient, coalesce(s.token, ''), s.units) <> (n.kind, n.recipient, coalesce(n.token, ''), n.units)
