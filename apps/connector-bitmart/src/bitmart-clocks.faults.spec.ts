import { describeWrongClocks } from '@sluice/connector-testing';
import { BITMART_KIT } from './testing/bitmart-kit.js';
import { chainOrder } from './testing/orders.js';

describeWrongClocks(
  BITMART_KIT,
  { absenceAfterMs: 2_500 },
  { endpoint: 'POST /account/v1/withdraw/apply', order: (amount) => chainOrder(amount) },
);
