/** One currency on one network, which is what BitMart calls a currency. */
export interface Network {
  /** The network-coded id, as `GET /account/v1/currencies` tells it. */
  readonly id: string;
  /** Older ids that are still taken. */
  readonly aliases: readonly string[];
  readonly currency: string;
  readonly network: string;
  readonly name: string;
  readonly contract: string | null;
  /** Decimals a withdrawal may have. */
  readonly precision: number;
  /** The amount has to be a multiple of this, where there is such a rule. */
  readonly multiple: string | null;
  readonly fee: string;
  readonly minimum: string;
  readonly hasMemo: boolean;
  readonly address: RegExp;
  /** Why no withdrawal of it is taken by the API: its channel is closed, or the API does not do it at all. */
  readonly barred: 'closed' | 'not_by_api' | null;
}

/** The most that one withdrawal may carry, whatever the currency. */
export const LARGEST_AMOUNT = '10000000000';

const EVM = /^0x[0-9a-fA-F]{40}$/;
const TRON = /^T[1-9A-HJ-NP-Za-km-z]{33}$/;
const BITCOIN = /^(bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})$/;
const RIPPLE = /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/;
const SOLANA = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const ANY = /^.{10,120}$/;

const PLAIN = {
  aliases: [],
  contract: null,
  multiple: null,
  hasMemo: false,
  barred: null,
} as const;
const USDT = { ...PLAIN, currency: 'USDT', name: 'Tether USD', precision: 6 } as const;

const NETWORKS: readonly Network[] = [
  {
    ...USDT,
    id: 'USDT-ETH',
    aliases: ['USDT-ERC20'],
    network: 'ETH',
    contract: '0xdac17f958d2ee523a2206206994597c13d831ec7',
    fee: '1',
    minimum: '5',
    address: EVM,
  },
  {
    ...USDT,
    id: 'USDT-TRX',
    aliases: ['USDT-TRC20'],
    network: 'TRX',
    contract: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
    fee: '1',
    minimum: '5',
    address: TRON,
  },
  {
    ...USDT,
    id: 'USDT-BSC_BNB',
    network: 'BSC_BNB',
    contract: '0x55d398326f99059ff775485246999027b3197955',
    multiple: '0.01',
    fee: '0.2',
    minimum: '5',
    address: EVM,
  },
  {
    ...USDT,
    id: 'USDT-SOL',
    network: 'SOL',
    contract: 'Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB',
    fee: '1',
    minimum: '5',
    address: SOLANA,
  },
  {
    ...USDT,
    id: 'USDT',
    network: 'OMNI',
    fee: '5',
    minimum: '100',
    address: BITCOIN,
    barred: 'closed',
  },
  {
    ...PLAIN,
    id: 'BTC',
    currency: 'BTC',
    network: 'BTC',
    name: 'Bitcoin',
    precision: 8,
    fee: '0.0002',
    minimum: '0.0005',
    address: BITCOIN,
  },
  {
    ...PLAIN,
    id: 'ETH',
    currency: 'ETH',
    network: 'ETH',
    name: 'Ethereum',
    precision: 8,
    fee: '0.0005',
    minimum: '0.002',
    address: EVM,
  },
  {
    ...PLAIN,
    id: 'XRP',
    currency: 'XRP',
    network: 'XRP',
    name: 'XRP',
    precision: 6,
    fee: '0.2',
    minimum: '1',
    hasMemo: true,
    address: RIPPLE,
  },
  {
    ...PLAIN,
    id: 'IOTA',
    currency: 'IOTA',
    network: 'IOTA',
    name: 'IOTA',
    precision: 6,
    fee: '0.5',
    minimum: '1',
    address: ANY,
    barred: 'not_by_api',
  },
];

export const NETWORKS_BY_ID: ReadonlyMap<string, Network> = new Map(
  NETWORKS.flatMap((network) =>
    [network.id, ...network.aliases].map((id) => [id, network] as const),
  ),
);

export const ALL_NETWORKS = NETWORKS;

export const CURRENCY_NAMES: readonly string[] = [
  ...new Set(NETWORKS.map(({ currency }) => currency)),
];

/** The networks on which an address of the EVM type is good. */
export function isEvm(network: Network): boolean {
  return network.address === EVM;
}

/** The id under which a payment of the book is listed. */
export function idOf(currency: string, network: string | null): string {
  return (
    NETWORKS.find((one) => one.currency === currency && one.network === network)?.id ?? currency
  );
}
