import { describeConnectorInvariants } from '@sluice/connector-testing';
import { UPVEST_KIT } from '../testing/upvest-kit.js';
import { firstUserOf, orderTo } from '../testing/orders.js';

describeConnectorInvariants(UPVEST_KIT, {
  orders: async (bench) => {
    const user = await firstUserOf(bench.simulator);
    return [orderTo(user, '5.00'), orderTo(user, '6.00')];
  },
  planted: [
    ['sent-as-asked', `UPDATE submission SET amount = 4 WHERE withdrawal_id = $1`],
    [
      'sent-as-asked',
      `UPDATE submission SET destination = destination || '{"reference_account_id":"x"}' WHERE withdrawal_id = $1`,
    ],
    [
      'sent-as-asked',
      `UPDATE submission SET destination = destination || '{"purpose_code":"SALA"}' WHERE withdrawal_id = $1`,
    ],
    [
      'sent-as-asked',
      `UPDATE submission SET request = replace(request, client_reference, 'another') WHERE withdrawal_id = $1`,
    ],
    ['one-key-and-one-body', `UPDATE submission SET evidence = '{}' WHERE withdrawal_id = $1`],
    [
      'one-key-and-one-body',
      `UPDATE submission a SET evidence = b.evidence FROM submission b WHERE a.withdrawal_id = $1 AND b.withdrawal_id <> $1`,
    ],
    [
      'one-key-and-one-body',
      `INSERT INTO former_attempt (withdrawal_id, number, state, client_reference, request, request_seal, gross, evidence, lease_token, intended_at, venue_time, serial_number)
       SELECT withdrawal_id, 2, 'not_sent', client_reference, request || ' ', request_seal, gross, evidence, lease_token, intended_at, venue_time, (SELECT last + 1 FROM sending) FROM attempt WHERE withdrawal_id = $1`,
    ],
  ],
});
