import { upperCase } from './amount.js';
import { type AddressFamily, canonicalIn, foldedIn, readIn } from './address-families.js';
import type { Result } from './result.js';
import { identifierFault } from './visible-text.js';

/** Memo of a transfer: the tag, memo or comment by which a recipient knows an own customer. */
interface MemoRule {
  readonly memo: 'never' | 'optional' | 'required';
  readonly fault: (memo: string) => string | null;
}

const MOST_UINT32 = 4_294_967_295n;
const MOST_UINT64 = 18_446_744_073_709_551_615n;

const NO_MEMO: MemoRule = { memo: 'never', fault: () => null };

/** A destination tag of the XRP Ledger. */
const TAG: MemoRule = {
  memo: 'optional',
  fault: (memo) =>
    /^(0|[1-9]\d{0,9})$/.test(memo) && BigInt(memo) <= MOST_UINT32
      ? null
      : `Input should be a whole number of 0 to ${MOST_UINT32}, without leading zeros`,
};

/** Stellar's three forms: a text of 28 bytes, an id, or a hash. */
const STELLAR_MEMO: MemoRule = {
  memo: 'optional',
  fault: (memo) => {
    if (/^[0-9a-fA-F]{64}$/.test(memo)) return null;
    if (/^\d+$/.test(memo) && BigInt(memo) > MOST_UINT64)
      return `Input should be at most ${MOST_UINT64}`;
    return textFault(memo, 28);
  },
};

const TON_COMMENT: MemoRule = { memo: 'optional', fault: (memo) => textFault(memo, 120) };
const COSMOS_MEMO: MemoRule = { memo: 'optional', fault: (memo) => textFault(memo, 256) };
/** The grammar is not known. */
const ANY_MEMO: MemoRule = { memo: 'optional', fault: (memo) => textFault(memo, 256) };

function textFault(memo: string, mostBytes: number): string | null {
  const fault = identifierFault(memo);
  if (fault !== null) return fault;
  return new TextEncoder().encode(memo).length > mostBytes
    ? `Input should have at most ${mostBytes} bytes`
    : null;
}

const EVM_NETWORKS = [
  'ETH',
  'ETC',
  'BSC',
  'OPBNB',
  'ARB',
  'OP',
  'BASE',
  'POLYGON',
  'AVAX',
  'FTM',
  'SONIC',
  'CELO',
  'GNOSIS',
  'LINEA',
  'SCROLL',
  'MANTLE',
  'BLAST',
  'ZKSYNC',
] as const;

/** The family of each network, by our own names. */
const FAMILY_OF_NETWORK: ReadonlyMap<string, AddressFamily> = new Map<string, AddressFamily>([
  ...EVM_NETWORKS.map((network) => [network, 'evm'] as const),
  ['TRX', 'tron'],
  ['BTC', 'bitcoin'],
  ['LTC', 'litecoin'],
  ['DOGE', 'dogecoin'],
  ['XRP', 'xrp'],
  ['XLM', 'stellar'],
  ['TON', 'ton'],
  ['SOL', 'solana'],
  ['ATOM', 'cosmos'],
  ['SEPA', 'bank'],
]);

const MEMO_OF_FAMILY: Readonly<Record<AddressFamily, MemoRule>> = {
  evm: NO_MEMO,
  tron: NO_MEMO,
  bitcoin: NO_MEMO,
  litecoin: NO_MEMO,
  dogecoin: NO_MEMO,
  xrp: TAG,
  stellar: STELLAR_MEMO,
  ton: TON_COMMENT,
  solana: NO_MEMO,
  cosmos: COSMOS_MEMO,
  bank: NO_MEMO,
  other: ANY_MEMO,
};

/** Returns the family of a network; null for a network added by an operator. */
export function familyOf(network: string): AddressFamily | null {
  return FAMILY_OF_NETWORK.get(network) ?? null;
}

/** Family of an address; on an unknown network, `0x` and 40 digits are EVM. */
function readingFamily(network: string | null, address: string): AddressFamily {
  const known = network === null ? null : familyOf(network);
  return known ?? (/^0x[0-9a-f]{40}$/i.test(address) ? 'evm' : 'other');
}

/** Returns the one spelling of a recipient on the network, or the reason of a refusal. */
export function canonicalAddress(network: string, address: string): Result<string, string> {
  return canonicalIn(readingFamily(network, address), address);
}

/** Returns why a transfer on the network may not have the memo, or may not lack one. */
export function memoFault(network: string, memo: string | undefined): string | null {
  return memoFaultIn(familyOf(network) ?? 'other', memo);
}

/** Like `memoFault`, for a network of the family. */
export function memoFaultIn(family: AddressFamily, memo: string | undefined): string | null {
  const rule = MEMO_OF_FAMILY[family];
  if (memo === undefined) return rule.memo === 'required' ? 'Field required' : null;
  return rule.memo === 'never' ? 'A transfer on this network has no memo' : rule.fault(memo);
}

/** `different` requires two valid addresses: masked, cut or misspelt text is no proof. */
export function compareAddresses(
  network: string | null,
  asked: string,
  recorded: string,
): 'same' | 'different' | 'cannot_tell' {
  if (asked === recorded) return 'same';
  const family = readingFamily(network, asked);
  const [one, other] = [readIn(family, asked), readIn(family, recorded)];
  if (one !== null && one === other) return 'same';
  if (foldedIn(family, asked) === foldedIn(family, recorded)) return 'same';
  return one === null || other === null || isPartOf(asked, recorded) ? 'cannot_tell' : 'different';
}

/** Without a checksum, a cut address or one in another case is valid by chance. */
function isPartOf(asked: string, recorded: string): boolean {
  const [whole, part] = [asked.toLowerCase(), recorded.toLowerCase()];
  return whole.startsWith(part) || whole.endsWith(part);
}

/**
 * Names at venues in general, without blanks, dots, hyphens and underscores. A name with two
 * meanings is in no row: `BNB` is also the Beacon Chain, `OMNI` is not BTC.
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

export function foldedName(name: string): string {
  return upperCase(name.trim());
}

/**
 * Our network for a name of others (`trc-20`, `Tron (TRC20)`); null if unknown, or if the names
 * disagree.
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

/** One text per account on any network: folds spellings by their form; Base58 keeps its case. */
export function foldedAddress(address: string): string {
  if (/^0x[0-9a-f]{40}$/i.test(address)) return address.toLowerCase();
  if (/^(BC1|LTC1|COSMOS1)[0-9A-Z]+$/.test(address)) return address.toLowerCase();
  if (/^(0x)?41[0-9a-f]{40}$/i.test(address)) return readIn('tron', address) ?? address;
  if (address.length !== 48 && !/^-?\d:/.test(address)) return address;
  const ton = canonicalIn('ton', address);
  return ton.ok ? ton.value : address;
}
