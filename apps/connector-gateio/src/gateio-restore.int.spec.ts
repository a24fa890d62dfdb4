import { describeRestores } from '@sluice/connector-testing';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';

describeRestores(GATEIO_KIT, [
  {
    name: 'chain withdrawal',
    carriesReference: true,
    order: chainOrder,
    amount: (n) => `${200 + n}.25`,
  },
  {
    name: 'UID transfer',
    carriesReference: false,
    order: pushOrder,
    amount: (n) => `${600 + n}.5`,
  },
]);
