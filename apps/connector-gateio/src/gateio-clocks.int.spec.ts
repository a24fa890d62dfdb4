import { describeWrongClocks } from '@sluice/connector-testing';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder } from './testing/orders.js';

describeWrongClocks(
  GATEIO_KIT,
  { absenceAfterMs: 2_500 },
  { endpoint: 'POST /withdrawals', order: chainOrder },
);
