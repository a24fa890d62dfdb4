import { describeKills } from '@sluice/connector-testing';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { chainOrder, uidOrder } from './testing/orders.js';

describeKills(BYBIT_KIT, [
  { name: 'chain withdrawal', recovery: 'none', order: chainOrder },
  { name: 'UID transfer', recovery: 'none', order: uidOrder },
]);
