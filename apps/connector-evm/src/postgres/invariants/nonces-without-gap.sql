-- nonces-without-gap: Below the next nonce of an address there is a row for each since its first one, and none above. Where it was moved behind what its chain has used and nobody here has on record, from there on.
SELECT l.network, l.address, l.next_nonce::text AS next_nonce, n.most::text AS most, n.rows::text AS found
  FROM lane l
  JOIN (SELECT n.network, n.address, max(n.nonce) AS most, min(n.nonce) FILTER (WHERE n.nonce >= l.complete_from) AS least, count(*) FILTER (WHERE n.nonce >= l.complete_from) AS rows
          FROM nonce n JOIN lane l USING (network, address) GROUP BY n.network, n.address) n USING (network, address)
 WHERE n.most >= l.next_nonce OR n.rows < n.most - n.least + 1
