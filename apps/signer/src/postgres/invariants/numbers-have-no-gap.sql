-- numbers-have-no-gap: no assigned nonce of an address was removed
SELECT chain_id, address, count(*), max(number) AS highest FROM signed_nonce WHERE number IS NOT NULL GROUP BY chain_id, address HAVING count(*) <> max(number)
