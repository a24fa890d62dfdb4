import { describeKills } from '@sluice/connector-testing';
import { BITMART_KIT } from './testing/bitmart-kit.js';
import { accountOrder, chainOrder } from './testing/orders.js';

describeKills(BITMART_KIT, [
  { name: 'withdrawal to an address', recovery: 'none', order: (amount) => chainOrder(amount) },
  {
    name: 'transfer to an account',
    recovery: 'none',
    order: (amount) => accountOrder('cid', amount),
  },
]);
