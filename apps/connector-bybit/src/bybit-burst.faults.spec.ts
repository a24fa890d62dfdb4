import { describeCalmBurst, type ContractOrder } from '@sluice/connector-testing';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { chainOrder, tronOrder, uidOrder } from './testing/orders.js';

const PAIRS: readonly ((amount: string) => ContractOrder)[] = [
  chainOrder,
  tronOrder,
  uidOrder,
  (amount) => ({ ...chainOrder(amount), asset: 'USDT.ARB' }),
  (amount) => ({ ...chainOrder(amount), asset: 'USDT.BSC' }),
  (amount) => ({ ...chainOrder(amount), asset: 'USDC.ETH' }),
  // the last digit is no zero: the venue's book has none
  (amount) => ({ ...chainOrder(`0.${amount}1`), asset: 'ETH.ETH' }),
  (amount) => ({ ...uidOrder(`0.${amount}1`), asset: 'BTC.BTC' }),
  (amount) => ({ ...tronOrder(amount), asset: 'TRX.TRX' }),
];

describeCalmBurst(
  BYBIT_KIT,
  { ratePlan: {}, submitTimeoutMs: 5_000 },
  {
    order: (n) => (PAIRS[n % PAIRS.length] ?? chainOrder)(`${100 + n}`),
    sendWithinMs: 12_000,
    leastPaid: 5,
  },
);
