-- nothing-waits-for-ever: A nonce that was taken is let go or given up within minutes, while its chain is followed.
SELECT n.network, n.address, n.nonce, n.leased_at FROM nonce n JOIN chain_follower f USING (network)
 WHERE n.state = 'leased' AND n.leased_at < now() - interval '10 minutes' AND f.looked_at > now() - interval '1 minute'
   AND EXISTS (SELECT FROM nonce later WHERE later.network = n.network AND later.address = n.address AND later.nonce > n.nonce AND later.state = 'released')
   AND NOT EXISTS (SELECT FROM submission s WHERE s.withdrawal_id = n.withdrawal_id AND s.state IN ('sending', 'unknown', 'repeating', 'undecided'))
