-- numbers-have-no-gap: no assigned nonce of an address was removed
SELECT chain_id, address, count(*), max(number) AS highest FROM signed_nonce GROUP BY chain_id, address HAVING count(*) <> max(number)
