import { describeConnectorInvariants } from '@sluice/connector-testing';
import { GATEIO_KIT } from '../testing/gateio-kit.js';
import { chainOrder, pushOrder } from '../testing/orders.js';

describeConnectorInvariants(GATEIO_KIT, {
  orders: () => [chainOrder('5'), pushOrder('6')],
  planted: [
    [
      'sent-as-asked',
      `UPDATE submission SET destination = '{"type":"address","address":"0x1"}' WHERE withdrawal_id = $1`,
    ],
    ['sent-as-asked', `UPDATE submission SET amount = 4 WHERE withdrawal_id = $1`],
    [
      'sent-as-asked',
      `UPDATE submission SET destination = '{"type":"venue_account","kind":"uid","value":"2"}' WHERE form = 'push'`,
    ],
  ],
});
