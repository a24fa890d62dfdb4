import { describeWrongClocks } from '@sluice/connector-testing';
import { UPVEST_KIT } from './testing/upvest-kit.js';
import { firstUserOf, orderTo } from './testing/orders.js';

describeWrongClocks(
  UPVEST_KIT,
  { absenceAfterMs: 2_500 },
  {
    endpoint: 'POST /payments/withdrawals',
    order: async (amount, simulator) => orderTo(await firstUserOf(simulator), amount),
  },
);
