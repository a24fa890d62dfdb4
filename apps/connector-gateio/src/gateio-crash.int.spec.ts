import { describeKills } from '@sluice/connector-testing';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';

describeKills(GATEIO_KIT, [
  { name: 'chain withdrawal', recovery: 'search', order: chainOrder },
  { name: 'UID transfer', recovery: 'none', order: pushOrder },
]);
