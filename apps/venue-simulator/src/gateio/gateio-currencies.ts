import { changedCoins, type SimulatedChain, type Coin, type CoinChanges } from '../sim/coins.js';

export interface GateioChain extends SimulatedChain {
  readonly name: string;
}

export interface GateioCurrency extends Coin<GateioChain> {
  readonly currency: string;
}

/** Maximum amount of a single withdrawal in any currency. */
export const LIMIT_EACH_TIME = '10000000000';

const EVM = /^0x[0-9a-fA-F]{40}$/;
const TRON = /^T[1-9A-HJ-NP-Za-km-z]{33}$/;
const BITCOIN = /^(bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})$/;
const RIPPLE = /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/;

const PLAIN = { contract: '', hasTag: false, closed: false } as const;

const CURRENCY_TABLE: readonly GateioCurrency[] = [
  {
    currency: 'USDT',
    name: 'Tether',
    usd: '1',
    chains: [
      {
        ...PLAIN,
        chain: 'ETH',
        name: 'ETH/ERC20',
        contract: '0xdac17f958d2ee523a2206206994597c13d831ec7',
        decimals: 6,
        fee: '1',
        minimum: '2',
        address: EVM,
      },
      {
        ...PLAIN,
        chain: 'TRX',
        name: 'Tron/TRC20',
        contract: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
        decimals: 6,
        fee: '1',
        minimum: '2',
        address: TRON,
      },
      {
        ...PLAIN,
        chain: 'ARBEVM',
        name: 'Arbitrum One',
        contract: '0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9',
        decimals: 6,
        fee: '0.2',
        minimum: '1',
        address: EVM,
      },
      {
        ...PLAIN,
        chain: 'BSC',
        name: 'BSC/BEP20',
        contract: '0x55d398326f99059ff775485246999027b3197955',
        decimals: 8,
        fee: '0.3',
        minimum: '1',
        address: EVM,
      },
    ],
  },
  {
    currency: 'USDC',
    name: 'USD Coin',
    usd: '1',
    chains: [
      {
        ...PLAIN,
        chain: 'ETH',
        name: 'ETH/ERC20',
        contract: '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
        decimals: 6,
        fee: '1',
        minimum: '2',
        address: EVM,
      },
    ],
  },
  {
    currency: 'ETH',
    name: 'Ethereum',
    usd: '4000',
    chains: [
      {
        ...PLAIN,
        chain: 'ETH',
        name: 'Ethereum',
        decimals: 8,
        fee: '0.0005',
        minimum: '0.001',
        address: EVM,
      },
      {
        ...PLAIN,
        chain: 'ARBEVM',
        name: 'Arbitrum One',
        decimals: 8,
        fee: '0.0001',
        minimum: '0.0005',
        address: EVM,
      },
    ],
  },
  {
    currency: 'BTC',
    name: 'Bitcoin',
    usd: '100000',
    chains: [
      {
        ...PLAIN,
        chain: 'BTC',
        name: 'Bitcoin',
        decimals: 8,
        fee: '0.0001',
        minimum: '0.0005',
        address: BITCOIN,
      },
    ],
  },
  {
    currency: 'TRX',
    name: 'TRON',
    usd: '0.25',
    chains: [
      {
        ...PLAIN,
        chain: 'TRX',
        name: 'Tron',
        decimals: 6,
        fee: '1',
        minimum: '5',
        address: TRON,
      },
    ],
  },
  {
    currency: 'XRP',
    name: 'XRP',
    usd: '2',
    chains: [
      {
        ...PLAIN,
        chain: 'XRP',
        name: 'Ripple',
        decimals: 6,
        fee: '0.2',
        minimum: '1',
        hasTag: true,
        address: RIPPLE,
      },
    ],
  },
];

export type GateioCurrencies = ReadonlyMap<string, GateioCurrency>;

export const CURRENCIES: GateioCurrencies = new Map(
  CURRENCY_TABLE.map((currency) => [currency.currency, currency]),
);

export function currenciesBySetting(): (changes: CoinChanges) => GateioCurrencies {
  return changedCoins<GateioChain, GateioCurrency>(CURRENCIES, {
    coin: (currency, coin) => ({ ...coin, currency }),
    chain: (_currency, chain) => ({ ...chain, name: chain.chain }),
  });
}
