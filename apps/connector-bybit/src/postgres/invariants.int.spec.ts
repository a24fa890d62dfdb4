import { describeConnectorInvariants } from '@sluice/connector-testing';
import { BYBIT_KIT } from '../testing/bybit-kit.js';
import { chainOrder, uidOrder } from '../testing/orders.js';

describeConnectorInvariants(BYBIT_KIT, {
  orders: () => [chainOrder('15'), uidOrder('6')],
  planted: [
    [
      'sent-as-asked',
      `UPDATE submission SET destination = '{"type":"address","address":"0x1"}' WHERE withdrawal_id = $1`,
    ],
    ['sent-as-asked', `UPDATE submission SET amount = 4 WHERE withdrawal_id = $1`],
    ['sent-as-asked', `UPDATE submission SET asset = 'USDT.ARB' WHERE withdrawal_id = $1`],
    [
      'sent-as-asked',
      `UPDATE submission SET request = replace(request, '"feeType":0', '"feeType":1') WHERE withdrawal_id = $1`,
    ],
    [
      'sent-as-asked',
      `UPDATE submission SET request = replace(request, '"forceChain":1', '"forceChain":0') WHERE withdrawal_id = $1`,
    ],
    [
      'sent-as-asked',
      `UPDATE submission SET request = replace(request, '"requestId":"', '"requestId":"x') WHERE withdrawal_id = $1`,
    ],
    [
      'sent-as-asked',
      `UPDATE submission SET destination = '{"type":"venue_account","kind":"uid","value":"2"}' WHERE form = 'uid'`,
    ],
  ],
});
