-- nonces-without-gap: Below the next nonce of an address there is a row for each since its first one, and none above.
SELECT l.network, l.address, l.next_nonce::text AS next_nonce, n.most::text AS most, n.rows::text AS found
  FROM lane l JOIN (SELECT network, address, min(nonce) AS least, max(nonce) AS most, count(*) AS rows FROM nonce GROUP BY network, address) n USING (network, address)
 WHERE n.most >= l.next_nonce OR n.rows < n.most - n.least + 1
