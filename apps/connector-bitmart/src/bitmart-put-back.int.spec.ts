import { describePutBackRows } from '@sluice/connector-testing';
import { BITMART_KIT } from './testing/bitmart-kit.js';
import { chainOrder } from './testing/orders.js';

describePutBackRows(BITMART_KIT, {
  order: chainOrder,
  amount: (n) => `${400 + n}.25`,
});
