import { describeCalmBurst } from '@sluice/connector-testing';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';

describeCalmBurst(
  GATEIO_KIT,
  { ratePlan: {}, submitTimeoutMs: 5_000 },
  {
    order: (n) => (n % 2 === 0 ? chainOrder : pushOrder)(`${100 + n}`),
    sendWithinMs: 14_000,
    leastPaid: 10,
  },
);
