import { describeConnectorInvariants } from '@sluice/connector-testing';
import { orderOf } from '../testing/orders.js';
import { kitWith } from '../testing/wallet-kit.js';

/** A nonce two places above the last, beside transactions without a record at the given places. */
const afterRestore = (found: readonly number[]) => `
  WITH l AS (UPDATE lane SET next_nonce = next_nonce + 3 RETURNING network, address, next_nonce - 3 AS next),
  put AS (
    INSERT INTO nonce (network, address, nonce, purpose, asset, decimals, amount, recipient, state, outcome, final_at)
    SELECT network, address, next + 2, 'void', 'ETH.ETH', 18, 0, address, 'dead', 'dead', now() FROM l)
  INSERT INTO forgotten_transaction (network, address, nonce, hash, block_number)
  SELECT network, address, next + place - 1, '0x00', 1 FROM l, unnest(ARRAY[${found.join()}]) AS place`;

describeConnectorInvariants(kitWith({}), {
  orders: () => [orderOf('USDT.ETH', '5'), orderOf('USDT.ETH', '6')],
  planted: [
    ['one-nonce-per-withdrawal', `UPDATE submission SET request = '{}' WHERE withdrawal_id = $1`],
    [
      'one-nonce-per-withdrawal',
      `UPDATE submission SET request = '{}', put_back_at = now() WHERE withdrawal_id = $1`,
    ],
    [
      'one-nonce-per-withdrawal',
      `UPDATE submission a SET request = b.request FROM submission b WHERE a.withdrawal_id = $1 AND b.withdrawal_id <> $1`,
    ],
    [
      'one-final-transfer',
      `DO $$ BEGIN
         DROP INDEX transaction_one_final;
         UPDATE transaction t SET nonce = n.nonce, address = n.address
           FROM (SELECT network, address, nonce FROM nonce ORDER BY address, nonce LIMIT 1) n WHERE t.final_at IS NOT NULL;
       END $$`,
    ],
    [
      'released-has-transaction',
      `UPDATE transaction t SET final_at = NULL FROM nonce n WHERE n.withdrawal_id = $1 AND t.address = n.address AND t.nonce = n.nonce`,
    ],
    ['settled-is-final', `UPDATE nonce SET outcome = 'reverted' WHERE withdrawal_id = $1`],
    ['sent-as-asked', `UPDATE submission SET amount = 4 WHERE withdrawal_id = $1`],
    [
      'sent-as-asked',
      `UPDATE submission SET destination = '{"type":"address","address":"0x0"}' WHERE withdrawal_id = $1`,
    ],
    ['nonces-without-gap', `UPDATE lane SET next_nonce = 0 WHERE $1::uuid IS NOT NULL`],
    ['nonces-without-gap', afterRestore([1])],
    [
      'nothing-waits-for-ever',
      `DO $$ BEGIN
         ALTER TABLE nonce DISABLE TRIGGER only_forward;
         UPDATE chain_follower SET looked_at = now();
         INSERT INTO nonce (network, address, nonce, purpose, asset, decimals, amount, recipient, leased_at)
         SELECT network, address, 1000, 'void', 'ETH.ETH', 18, 0, address, now() - interval '1 hour' FROM lane;
         INSERT INTO nonce (network, address, nonce, purpose, asset, decimals, amount, recipient, state, released_at)
         SELECT network, address, 1001, 'void', 'ETH.ETH', 18, 0, address, 'released', now() FROM lane;
       END $$`,
    ],
  ],
  allowed: [['a nonce that only the chain has used fills a gap', afterRestore([1, 2])]],
});
