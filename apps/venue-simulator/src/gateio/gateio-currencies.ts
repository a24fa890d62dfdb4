export interface Chain {
  readonly chain: string;
  readonly name: string;
  readonly contract: string;
  /** Withdrawal precision. */
  readonly decimals: number;
  /** What a withdrawal costs; taken out of its amount. */
  readonly fee: string;
  readonly minimum: string;
  readonly hasTag: boolean;
  readonly address: RegExp;
}

export interface Currency {
  readonly currency: string;
  readonly name: string;
  readonly chains: readonly Chain[];
}

/** The most that one withdrawal may carry, whatever the currency. */
export const LIMIT_EACH_TIME = '10000000000';

const EVM = /^0x[0-9a-fA-F]{40}$/;
const TRON = /^T[1-9A-HJ-NP-Za-km-z]{33}$/;
const BITCOIN = /^(bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})$/;
const RIPPLE = /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/;

const CURRENCY_TABLE: readonly Currency[] = [
  {
    currency: 'USDT',
    name: 'Tether',
    chains: [
      {
        chain: 'ETH',
        name: 'ETH/ERC20',
        contract: '0xdac17f958d2ee523a2206206994597c13d831ec7',
        decimals: 6,
        fee: '1',
        minimum: '2',
        hasTag: false,
        address: EVM,
      },
      {
        chain: 'TRX',
        name: 'Tron/TRC20',
        contract: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
        decimals: 6,
        fee: '1',
        minimum: '2',
        hasTag: false,
        address: TRON,
      },
      {
        chain: 'ARBEVM',
        name: 'Arbitrum One',
        contract: '0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9',
        decimals: 6,
        fee: '0.2',
        minimum: '1',
        hasTag: false,
        address: EVM,
      },
      {
        chain: 'BSC',
        name: 'BSC/BEP20',
        contract: '0x55d398326f99059ff775485246999027b3197955',
        decimals: 8,
        fee: '0.3',
        minimum: '1',
        hasTag: false,
        address: EVM,
      },
    ],
  },
  {
    currency: 'USDC',
    name: 'USD Coin',
    chains: [
      {
        chain: 'ETH',
        name: 'ETH/ERC20',
        contract: '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
        decimals: 6,
        fee: '1',
        minimum: '2',
        hasTag: false,
        address: EVM,
      },
    ],
  },
  {
    currency: 'ETH',
    name: 'Ethereum',
    chains: [
      {
        chain: 'ETH',
        name: 'Ethereum',
        contract: '',
        decimals: 8,
        fee: '0.0005',
        minimum: '0.001',
        hasTag: false,
        address: EVM,
      },
      {
        chain: 'ARBEVM',
        name: 'Arbitrum One',
        contract: '',
        decimals: 8,
        fee: '0.0001',
        minimum: '0.0005',
        hasTag: false,
        address: EVM,
      },
    ],
  },
  {
    currency: 'BTC',
    name: 'Bitcoin',
    chains: [
      {
        chain: 'BTC',
        name: 'Bitcoin',
        contract: '',
        decimals: 8,
        fee: '0.0001',
        minimum: '0.0005',
        hasTag: false,
        address: BITCOIN,
      },
    ],
  },
  {
    currency: 'TRX',
    name: 'TRON',
    chains: [
      {
        chain: 'TRX',
        name: 'Tron',
        contract: '',
        decimals: 6,
        fee: '1',
        minimum: '5',
        hasTag: false,
        address: TRON,
      },
    ],
  },
  {
    currency: 'XRP',
    name: 'XRP',
    chains: [
      {
        chain: 'XRP',
        name: 'Ripple',
        contract: '',
        decimals: 6,
        fee: '0.2',
        minimum: '1',
        hasTag: true,
        address: RIPPLE,
      },
    ],
  },
];

/** By upper-case symbol. */
export const CURRENCIES: ReadonlyMap<string, Currency> = new Map(
  CURRENCY_TABLE.map((currency) => [currency.currency, currency]),
);
