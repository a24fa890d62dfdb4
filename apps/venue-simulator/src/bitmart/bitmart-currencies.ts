import { changedCoins, type SimulatedChain, type Coin, type CoinChanges } from '../sim/coins.js';

/** Currency on a specific network; BitMart calls the pair a currency. */
export interface BitmartNetwork extends SimulatedChain {
  /** Network-coded id, as returned by `GET /account/v1/currencies`. */
  readonly id: string;
  /** Older ids, still accepted. */
  readonly aliases: readonly string[];
  readonly currency: string;
  readonly name: string;
  /** The amount must be a multiple of this value; null: no rule. */
  readonly multiple: string | null;
  /** True if the API refuses every withdrawal of the currency. */
  readonly notByApi: boolean;
}

/** Maximum amount of a single withdrawal in any currency. */
export const LARGEST_AMOUNT = '10000000000';

const EVM = /^0x[0-9a-fA-F]{40}$/;
const TRON = /^T[1-9A-HJ-NP-Za-km-z]{33}$/;
const BITCOIN = /^(bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})$/;
const RIPPLE = /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/;
const SOLANA = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const ANY = /^.{10,120}$/;

const PLAIN = {
  aliases: [],
  contract: '',
  multiple: null,
  hasTag: false,
  closed: false,
  notByApi: false,
} as const;
const USDT = { ...PLAIN, currency: 'USDT', name: 'Tether USD', decimals: 6 } as const;

const NETWORKS: readonly BitmartNetwork[] = [
  {
    ...USDT,
    id: 'USDT-ETH',
    aliases: ['USDT-ERC20'],
    chain: 'ETH',
    contract: '0xdac17f958d2ee523a2206206994597c13d831ec7',
    fee: '1',
    minimum: '5',
    address: EVM,
  },
  {
    ...USDT,
    id: 'USDT-TRX',
    aliases: ['USDT-TRC20'],
    chain: 'TRX',
    contract: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
    fee: '1',
    minimum: '5',
    address: TRON,
  },
  {
    ...USDT,
    id: 'USDT-BSC_BNB',
    chain: 'BSC_BNB',
    contract: '0x55d398326f99059ff775485246999027b3197955',
    multiple: '0.01',
    fee: '0.2',
    minimum: '5',
    address: EVM,
  },
  {
    ...USDT,
    id: 'USDT-SOL',
    chain: 'SOL',
    contract: 'Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB',
    fee: '1',
    minimum: '5',
    address: SOLANA,
  },
  {
    ...USDT,
    id: 'USDT',
    chain: 'OMNI',
    fee: '5',
    minimum: '100',
    address: BITCOIN,
    closed: true,
  },
  {
    ...PLAIN,
    id: 'BTC',
    currency: 'BTC',
    chain: 'BTC',
    name: 'Bitcoin',
    decimals: 8,
    fee: '0.0002',
    minimum: '0.0005',
    address: BITCOIN,
  },
  {
    ...PLAIN,
    id: 'ETH',
    currency: 'ETH',
    chain: 'ETH',
    name: 'Ethereum',
    decimals: 8,
    fee: '0.0005',
    minimum: '0.002',
    address: EVM,
  },
  {
    ...PLAIN,
    id: 'XRP',
    currency: 'XRP',
    chain: 'XRP',
    name: 'XRP',
    decimals: 6,
    fee: '0.2',
    minimum: '1',
    hasTag: true,
    address: RIPPLE,
  },
  {
    ...PLAIN,
    id: 'IOTA',
    currency: 'IOTA',
    chain: 'IOTA',
    name: 'IOTA',
    decimals: 6,
    fee: '0.5',
    minimum: '1',
    address: ANY,
    notByApi: true,
  },
];

/** Dollar worth of a unit, for balances in dollars. */
const DOLLARS: Readonly<Record<string, string>> = {
  USDT: '1',
  BTC: '100000',
  ETH: '4000',
  XRP: '2',
  IOTA: '0.2',
};

export type BitmartCurrencies = ReadonlyMap<string, Coin<BitmartNetwork>>;

export const CURRENCIES: BitmartCurrencies = new Map(
  [...Map.groupBy(NETWORKS, ({ currency }) => currency)].map(([symbol, chains]) => [
    symbol,
    { name: chains[0]?.name ?? symbol, usd: DOLLARS[symbol] ?? '0', chains },
  ]),
);

export function currenciesBySetting(): (changes: CoinChanges) => BitmartCurrencies {
  return changedCoins<BitmartNetwork, Coin<BitmartNetwork>>(CURRENCIES, {
    coin: (_symbol, coin) => coin,
    chain: (currency, chain) => ({
      ...PLAIN,
      ...chain,
      currency,
      id: chain.chain === currency ? currency : `${currency}-${chain.chain}`,
      name: currency,
    }),
  });
}

export function networksOf(currencies: BitmartCurrencies): readonly BitmartNetwork[] {
  return [...currencies.values()].flatMap(({ chains }) => chains);
}

/** Finds a network by id or by an older id. */
export function networkOf(currencies: BitmartCurrencies, id: string): BitmartNetwork | undefined {
  return networksOf(currencies).find((one) => one.id === id || one.aliases.includes(id));
}

/** Returns true for networks with EVM addresses. */
export function isEvm(network: BitmartNetwork): boolean {
  return network.address.source === EVM.source;
}

/** Returns the listed id for a payment of the book. */
export function idOf(
  currencies: BitmartCurrencies,
  currency: string,
  chain: string | null,
): string {
  return currencies.get(currency)?.chains.find((one) => one.chain === chain)?.id ?? currency;
}
