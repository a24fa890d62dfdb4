import { describeLogin } from '@sluice/postgres/testing';
import { LEDGER_SCHEMA } from './schema.js';

describeLogin('the ledger', LEDGER_SCHEMA, (run) => {
  it('never changes a hold that has ended', async () => {
    await run(
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, decided_at, state, closed_at, reason, policy_version, payout, end_lock, end_key)
       VALUES (gen_random_uuid(), gen_random_uuid(), 'USDT.ETH', 5, now(), 'released', now(), 'absent', 0, 5, repeat('0', 16) || left(encode(sha256('\\xab'), 'hex'), 32), 'ab')`,
    );
    for (const change of [`state = 'placed', closed_at = NULL, reason = NULL`, `reason = 'other'`])
      await expect(run(`UPDATE hold SET ${change}`)).rejects.toMatchObject({ code: '23514' });
    await expect(run('UPDATE hold SET amount = 6')).rejects.toMatchObject({ code: '42501' });
  });
});
