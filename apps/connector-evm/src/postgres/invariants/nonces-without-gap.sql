-- nonces-without-gap: Below the next nonce of an address there is a row for each since its first one: a nonce leased here, or a transaction that only the chain has. No leased nonce is above. Where the next nonce was moved behind what the chain has used without a record, from there on.
SELECT l.network, l.address, l.next_nonce::text AS next_nonce, n.leased::text AS most, n.rows::text AS found
  FROM lane l
  JOIN (SELECT k.network, k.address, max(k.nonce) FILTER (WHERE k.is_leased) AS leased, max(k.nonce) AS most,
               min(k.nonce) FILTER (WHERE k.nonce >= l.complete_from) AS least, count(*) FILTER (WHERE k.nonce >= l.complete_from) AS rows
          FROM (SELECT network, address, nonce, true AS is_leased FROM nonce
                UNION ALL
                SELECT f.network, f.address, f.nonce, false FROM forgotten_transaction f
                 WHERE NOT EXISTS (SELECT FROM nonce n WHERE (n.network, n.address, n.nonce) = (f.network, f.address, f.nonce))) k
          JOIN lane l USING (network, address) GROUP BY k.network, k.address) n USING (network, address)
 WHERE n.leased >= l.next_nonce OR n.rows < n.most - n.least + 1
