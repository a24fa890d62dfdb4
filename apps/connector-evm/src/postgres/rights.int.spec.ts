import { describeLogin } from '@sluice/postgres/testing';
import { WALLET_SCHEMA } from './schema.js';

const OURS = `0x${'a'.repeat(40)}`;
const OTHER = `0x${'b'.repeat(40)}`;

describeLogin('the wallet', WALLET_SCHEMA, (run) => {
  beforeAll(async () => {
    await run(
      `INSERT INTO lane (network, address, purpose, next_nonce) VALUES ('ETH', '${OURS}', 'hot', 2)`,
    );
    await run(
      `INSERT INTO nonce (network, address, nonce, purpose, withdrawal_id, client_reference, asset, decimals, amount, recipient, state, released_at)
       VALUES ('ETH', '${OURS}', 1, 'payment', gen_random_uuid(), 'c1', 'ETH.ETH', 18, 7, '${OTHER}', 'released', now())`,
    );
  });

  it.each([
    [`UPDATE nonce SET state = 'leased'`, 'a row of nonce does not go from released to leased'],
    [
      `UPDATE nonce SET withdrawal_id = gen_random_uuid()`,
      'what a nonce was let go for does not change',
    ],
    [`UPDATE nonce SET amount = 8`, 'what a nonce was let go for does not change'],
    [`UPDATE nonce SET recipient = '${OURS}'`, 'what a nonce was let go for does not change'],
    [`UPDATE nonce SET nonce = 5`, 'permission denied'],
    [`UPDATE transaction SET raw = '0x02'`, 'permission denied'],
    [`DELETE FROM nonce`, 'permission denied'],
  ])('is refused: %s', async (sql, message) => {
    await expect(run(sql)).rejects.toThrow(message);
  });

  it('gives no withdrawal a second nonce', async () => {
    await expect(
      run(
        `INSERT INTO nonce (network, address, nonce, purpose, withdrawal_id, client_reference, asset, decimals, amount, recipient)
         SELECT network, address, 2, purpose, withdrawal_id, client_reference, asset, decimals, amount, recipient FROM nonce`,
      ),
    ).rejects.toThrow('one_nonce_per_withdrawal');
  });
});
