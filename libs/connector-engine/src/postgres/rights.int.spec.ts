import { describeLogin } from '@sluice/postgres/testing';
import { CONNECTOR_SCHEMA } from './schema.js';

describeLogin('a connector', CONNECTOR_SCHEMA, (run) => {
  it('never sends again what was accepted, refused or settled, and rewrites no attempt', async () => {
    for (const [state, reference] of [
      ['accepted', `'v1'`],
      ['refused', 'NULL'],
      ['settled', `'v2'`],
      ['failed', `'v3'`],
    ])
      await run(
        `INSERT INTO submission (withdrawal_id, account_id, form, asset, amount, destination, client_reference, state, venue_reference, digest, fee, key_id, order_mac, timed_receipt, unsent_seal)
         VALUES (gen_random_uuid(), gen_random_uuid(), 'pay', 'USDT.ETH', 5, '{}', 'c ${state}', '${state}', ${reference}, '', 0, '', '', '', '')`,
      );
    await run(
      `INSERT INTO attempt (withdrawal_id, number, state, client_reference, request, request_seal, gross, evidence, lease_token, venue_time, serial_number)
       SELECT withdrawal_id, 1, 'failed', 'c', '{}', '', 5, '{}', 1, now(), 1 FROM submission WHERE state = 'failed'`,
    );

    for (const state of ['accepted', 'refused', 'settled', 'failed'])
      await expect(
        run(`UPDATE submission SET state = 'prepared' WHERE state = '${state}'`),
      ).rejects.toThrow(`a row of submission does not go from ${state} to prepared`);
    await expect(run(`UPDATE attempt SET state = 'not_sent'`)).rejects.toThrow(
      'a row of attempt does not go from failed to not_sent',
    );
    for (const column of ['request', 'gross', 'client_reference', 'evidence', 'intended_at'])
      await expect(run(`UPDATE attempt SET ${column} = ${column}`)).rejects.toMatchObject({
        code: '42501',
      });
    for (const column of ['amount', 'asset', 'destination', 'account_id', 'client_reference'])
      await expect(run(`UPDATE submission SET ${column} = ${column}`)).rejects.toMatchObject({
        code: '42501',
      });
  });
});
