import { describeConnectorInvariants } from '@sluice/connector-testing';
import { BITMART_KIT } from '../testing/bitmart-kit.js';
import { accountOrder, chainOrder } from '../testing/orders.js';

describeConnectorInvariants(BITMART_KIT, {
  orders: () => [chainOrder('5'), accountOrder('cid', '6')],
  planted: [
    [
      'sent-as-asked',
      `UPDATE submission SET destination = '{"type":"address","address":"0x1"}' WHERE withdrawal_id = $1`,
    ],
    ['sent-as-asked', `UPDATE submission SET amount = 4 WHERE withdrawal_id = $1`],
    [
      'sent-as-asked',
      `UPDATE submission SET destination = '{"type":"venue_account","kind":"cid","value":"2"}' WHERE form = 'cid'`,
    ],
    [
      'sent-as-asked',
      `UPDATE submission SET destination = '{"type":"venue_account","kind":"email","value":"876940329"}' WHERE form = 'cid'`,
    ],
    [
      'sent-as-asked',
      `UPDATE submission SET destination = destination || '{"memo":"7"}' WHERE withdrawal_id = $1`,
    ],
  ],
});
