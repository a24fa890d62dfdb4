import { upperCase } from '../money/upper-case.js';

/**
 * Names of each network at venues in general, besides our own name, without blanks, dots, hyphens
 * and underscores. A name with two meanings is in no row: `BNB` is also the closed Beacon Chain,
 * and `OMNI` is not BTC. Names of a single venue belong to the venue's capabilities.
 */
const NAMES_OF_NETWORK: Readonly<Record<string, readonly string[]>> = {
  ETH: ['ERC20', 'ETHEREUM', 'ETHEREUMMAINNET'],
  ETC: ['ETHEREUMCLASSIC'],
  BSC: ['BEP20', 'BSCBNB', 'BNBSMARTCHAIN', 'BINANCESMARTCHAIN', 'BNBBSC', 'BSCBEP20'],
  OPBNB: [],
  ARB: ['ARBITRUM', 'ARBITRUMONE', 'ARBONE', 'ARBI', 'ARBEVM'],
  OP: ['OPTIMISM', 'OPETH', 'OPMAINNET'],
  BASE: ['BASEEVM', 'BASEMAINNET'],
  POLYGON: ['MATIC', 'POL', 'POLYGONPOS', 'MATICPOLYGON'],
  AVAX: ['AVAXC', 'CAVAX', 'AVAXCCHAIN', 'AVALANCHECCHAIN', 'AVALANCHE'],
  FTM: ['FANTOM'],
  CELO: [],
  GNOSIS: ['XDAI'],
  LINEA: ['LINEAETH'],
  SCROLL: ['SCROLLETH'],
  MANTLE: [],
  BLAST: [],
  ZKSYNC: ['ZKSYNCERA', 'ZKSERA'],
  TRX: ['TRC20', 'TRON', 'TRXTRC20'],
  BTC: ['BITCOIN'],
  LTC: ['LITECOIN'],
  DOGE: ['DOGECOIN'],
  XRP: ['RIPPLE', 'XRPL', 'XRPLEDGER'],
  XLM: ['STELLAR'],
  TON: ['THEOPENNETWORK', 'TONCOIN'],
  SOL: ['SOLANA', 'SPL'],
  ATOM: ['COSMOS', 'COSMOSHUB'],
};

const NETWORK_OF_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES_OF_NETWORK).flatMap(([network, names]) =>
    [network, ...names].map((name) => [name, network] as const),
  ),
);

/** Folds a name of a coin or chain for comparison: no case, no surrounding blanks. */
export function foldedName(name: string): string {
  return upperCase(name.trim());
}

/**
 * Returns our network for a name of others, in any case and with any separators (`trc-20`,
 * `Arbitrum One`, `Tron (TRC20)`); null for an unknown name. Two names in brackets must agree.
 */
export function networkNamed(name: string): string | null {
  const parts = name.split(/[()[\]]/).map(compact);
  const networks = new Set(
    parts.filter((part) => part !== '').map((part) => NETWORK_OF_NAME.get(part) ?? null),
  );
  const [network = null] = networks;
  return networks.size === 1 ? network : null;
}

function compact(name: string): string {
  return foldedName(name).replace(/[\s._-]+/g, '');
}
