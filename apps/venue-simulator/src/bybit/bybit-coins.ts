import { changedCoins, type SimulatedChain, type Coin, type CoinChanges } from '../sim/coins.js';

/** Fee proportional to the amount, in the three required forms. */
interface PercentageFee {
  /** Fraction, as shown in `withdrawPercentageFee`. */
  readonly fraction: string;
  /** Percent of an amount including the fee: p. */
  readonly inside: string;
  /** Percent of an amount before adding the fee: p / (1 − p). */
  readonly onTop: string;
}

export interface BybitChain extends SimulatedChain {
  /** Chain name for people; orders use `chain`. */
  readonly chainType: string;
  readonly percentage: PercentageFee;
  /** "-1" = none. */
  readonly maximum: string;
}

export interface BybitCoin extends Coin<BybitChain> {
  readonly coin: string;
}

const EVM = /^0x[0-9a-fA-F]{40}$/;
const TRON = /^T[1-9A-HJ-NP-Za-km-z]{33}$/;
const BITCOIN = /^(bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})$/;
const RIPPLE = /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/;
const NO_PERCENTAGE: PercentageFee = { fraction: '0', inside: '0', onTop: '0' };

const chain = (
  [name, chainType, address]: readonly [string, string, RegExp],
  [fee, minimum, decimals]: readonly [string, string, number],
  more: Partial<BybitChain> = {},
): BybitChain => ({
  chain: name,
  chainType,
  address,
  fee,
  minimum,
  decimals,
  contract: '',
  percentage: NO_PERCENTAGE,
  maximum: '-1',
  hasTag: false,
  closed: false,
  ...more,
});

const ETH = ['ETH', 'Ethereum (ERC20)', EVM] as const;
const TRX = ['TRX', 'TRON (TRC20)', TRON] as const;
const ARBI = ['ARBI', 'Arbitrum One', EVM] as const;
const BSC = ['BSC', 'BSC (BEP20)', EVM] as const;
const CAVAX = ['CAVAX', 'AVAXC', EVM] as const;

const COIN_TABLE: readonly BybitCoin[] = [
  {
    coin: 'USDT',
    name: 'USDT',
    usd: '1',
    chains: [
      chain(ETH, ['5', '10', 6], {
        contract: '0xdac17f958d2ee523a2206206994597c13d831ec7',
        maximum: '10000000',
      }),
      chain(TRX, ['1.5', '2', 6], { contract: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t' }),
      chain(ARBI, ['0.3', '2', 6], { contract: '0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9' }),
      chain(BSC, ['0.5', '2', 8], { contract: '0x55d398326f99059ff775485246999027b3197955' }),
    ],
  },
  {
    coin: 'USDC',
    name: 'USDC',
    usd: '1',
    chains: [
      chain(ETH, ['5', '10', 6], { contract: '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48' }),
      chain(CAVAX, ['1', '2', 6]),
    ],
  },
  {
    coin: 'ETH',
    name: 'Ethereum',
    usd: '4000',
    chains: [chain(ETH, ['0.001', '0.002', 8]), chain(ARBI, ['0.0003', '0.001', 8])],
  },
  {
    coin: 'BTC',
    name: 'BTC',
    usd: '100000',
    chains: [chain(['BTC', 'BTC', BITCOIN], ['0.0002', '0.0005', 8])],
  },
  { coin: 'TRX', name: 'TRX', usd: '0.25', chains: [chain(TRX, ['1', '5', 6])] },
  {
    coin: 'XRP',
    name: 'XRP',
    usd: '2',
    chains: [chain(['XRP', 'XRP', RIPPLE], ['0.2', '1', 6], { hasTag: true })],
  },
  // A percentage fee of a fifth, whose on-top percentage has finite decimals.
  {
    coin: 'MNT',
    name: 'MNT',
    usd: '1.5',
    chains: [
      chain(ETH, ['1', '2', 6], { percentage: { fraction: '0.2', inside: '20', onTop: '25' } }),
    ],
  },
];

export type Coins = ReadonlyMap<string, BybitCoin>;

export const COINS: Coins = new Map(COIN_TABLE.map((coin) => [coin.coin, coin]));

export function coinsBySetting(): (changes: CoinChanges) => Coins {
  return changedCoins<BybitChain, BybitCoin>(COINS, {
    coin: (symbol, coin) => ({ ...coin, coin: symbol }),
    chain: (_symbol, one) => ({
      ...one,
      chainType: one.chain,
      percentage: NO_PERCENTAGE,
      maximum: '-1',
    }),
  });
}
