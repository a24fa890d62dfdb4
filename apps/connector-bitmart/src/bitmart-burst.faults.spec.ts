import { describeCalmBurst } from '@sluice/connector-testing';
import { BITMART_KIT } from './testing/bitmart-kit.js';
import { accountOrder, chainOrder } from './testing/orders.js';

describeCalmBurst(
  BITMART_KIT,
  { ratePlan: {}, submitTimeoutMs: 5_000 },
  {
    order: (n) => (n % 2 === 0 ? chainOrder(`${100 + n}`) : accountOrder('cid', `${100 + n}`)),
    sendWithinMs: 12_000,
    leastPaid: 5,
  },
);
