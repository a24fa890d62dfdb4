import { type Result } from '../result/result.js';
import { canonicalIn, foldedIn, readIn, type AddressFamily } from './families.js';
import {
  ANY_MEMO,
  COSMOS_MEMO,
  NO_MEMO,
  STELLAR_MEMO,
  TAG,
  TON_COMMENT,
  type MemoRule,
} from './memos.js';

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

/**
 * Returns the family by which an address is read. On an unknown network, `0x` and 40 digits are an
 * EVM address.
 */
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

/**
 * Compares the recipient of an order with that of a record. `different` requires two valid
 * addresses: a masked, cut or misspelt text is no proof.
 */
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
