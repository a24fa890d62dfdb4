-- sent-as-asked: A nonce pays exactly the amount of its submission, to its recipient, in its asset.
SELECT s.withdrawal_id, n.network, n.address, n.nonce
  FROM submission s JOIN nonce n USING (withdrawal_id)
 WHERE n.purpose = 'payment'
   AND (n.asset <> s.asset OR n.network <> split_part(s.asset, '.', 2) OR n.amount <> s.amount * power(10::numeric, n.decimals)
        OR lower(n.recipient) IS DISTINCT FROM lower(s.destination ->> 'address') OR n.client_reference <> s.client_reference)
