import { describeCalmBurst } from '@sluice/connector-testing';
import { UPVEST_KIT } from './testing/upvest-kit.js';
import { firstUserOf, orderTo } from './testing/orders.js';

describeCalmBurst(
  UPVEST_KIT,
  { ratePlan: {}, submitTimeoutMs: 5_000 },
  {
    order: async (n, { simulator }) => orderTo(await firstUserOf(simulator), `${100 + n}.01`),
    sendWithinMs: 60_000,
    leastPaid: 500,
  },
);
