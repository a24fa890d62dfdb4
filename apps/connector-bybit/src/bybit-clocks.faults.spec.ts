import { describeWrongClocks } from '@sluice/connector-testing';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { chainOrder } from './testing/orders.js';

describeWrongClocks(
  BYBIT_KIT,
  { absenceAfterMs: 2_500 },
  { endpoint: 'POST /v5/asset/withdraw/create', order: chainOrder },
);
