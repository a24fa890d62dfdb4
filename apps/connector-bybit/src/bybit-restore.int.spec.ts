import { describeRestores } from '@sluice/connector-testing';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { chainOrder, uidOrder } from './testing/orders.js';

describeRestores(BYBIT_KIT, [
  {
    name: 'chain withdrawal',
    carriesReference: false,
    order: chainOrder,
    amount: (n) => `${200 + n}.25`,
  },
  { name: 'UID transfer', carriesReference: false, order: uidOrder, amount: (n) => `${600 + n}.5` },
]);
