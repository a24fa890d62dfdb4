import { type Address, getAddress, type Hex, isAddress, isAddressEqual } from 'viem';

/** Settings of an EVM chain: an entry of the JSON list in the file named by EVM_CHAINS_FILE. */
export interface ChainSettings {
  /** Our own name of the network, the part of an asset after the point. */
  readonly network: string;
  readonly chainId: number;
  /** Node URLs in the order of use and trust. */
  readonly rpcUrls: readonly string[];
  /** Blocks including the payment's own, or `finalized`. `safe` differs between nodes. */
  readonly finality: { readonly confirmations: number } | 'finalized';
  /** Depth in blocks that counts while a node does not know `finalized`; absent: payments wait. */
  readonly depthWithoutFinalized?: number;
  readonly fees: FeePolicy;
  readonly native: NativeCoin;
  readonly tokens: readonly Token[];
  readonly wallets: readonly Wallet[];
  /** Policy for topping up hot wallets from the tank; absent: no top-ups. */
  readonly topUps?: TopUpPolicy;
  /** Gas of one transaction above which the auditor opens a finding: coins, decimal text. */
  readonly gasPerTransaction?: string;
  /** Gas of all addresses in a clock hour above which the auditor opens a finding: coins, decimal text. */
  readonly gasPerHour?: string;
}

export interface FeePolicy {
  /** No transaction offers more for a unit of gas; decimal text. */
  readonly maxFeeCapGwei: string;
  /** Priority fee offered to the block producer; decimal text. */
  readonly tipGwei: string;
  /** Fee increase of a replacement, for both fees, in percent; at least 12.5. */
  readonly bumpPercent: number;
  /** Threshold in blocks: an unmined transaction sent earlier counts as stuck. */
  readonly stuckAfterBlocks: number;
  /** Maximum gas of a payment. A recipient that needs more is refused. */
  readonly recipientGasLimit: number;
}

interface NativeCoin {
  readonly currency: string;
  readonly unitWorthEur?: UnitWorth;
}

/** Value of a unit in EUR, decimal text; required without built-in caps. */
type UnitWorth = string;

export interface Token {
  readonly currency: string;
  readonly address: Address;
  readonly decimals: number;
  readonly unitWorthEur?: UnitWorth;
}

export interface Wallet {
  readonly address: Address;
  /** `hot` pays withdrawals, `tank` pays gas to hot wallets. */
  readonly purpose: 'hot' | 'tank';
  /** Pays for this account alone. */
  readonly accountId?: string;
  /** Transaction count of the address before the signer's first signature; default: 0. */
  readonly firstNonce?: number;
}

/** Amounts of the native coin in whole coins, decimal text. */
export interface TopUpPolicy {
  /** A hot wallet with a lower balance gets a top-up. */
  readonly below: string;
  /** Balance of the hot wallet after a top-up. */
  readonly upTo: string;
  /** Maximum outflow of the tank in any 24 hours, including the tank's own gas. */
  readonly mostPerDay: string;
}

/** Gas limit of a payment without a limit in the chain's settings. */
export const DEFAULT_RECIPIENT_GAS = 100_000;

/** Upper bound for the setting: a transfer with a higher need does more than transfer. */
export const MOST_RECIPIENT_GAS = 1_000_000;

/** Gas of a native transfer to an address without code: the minimum of any payment. */
export const LEAST_RECIPIENT_GAS = 21_000;

/** Decimals of the native coin of every EVM chain, and of a gwei. */
export const NATIVE_DECIMALS = 18;
const GWEI_DECIMALS = 9;

/** Decimal text to smallest units. Null for malformed text or too many decimals; never rounds. */
export function unitsOf(text: string, decimals: number): bigint | null {
  const [, whole = '', part = ''] = /^(\d{1,78})(?:\.(\d{1,78}))?$/.exec(text) ?? [];
  if (whole === '' || part.length > decimals) return null;
  return BigInt(whole + part.padEnd(decimals, '0'));
}

/** The smallest units as decimal text, without zeros behind. */
export function textOf(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  const [whole, part] = [digits.slice(0, digits.length - decimals), digits.slice(-decimals)];
  const trimmed = decimals === 0 ? '' : part.replace(/(?<!0)0+$/, '');
  return trimmed === '' ? whole : `${whole}.${trimmed}`;
}

/** Wei; null as `unitsOf`. */
export function weiOfGwei(gwei: string): bigint | null {
  return unitsOf(gwei, GWEI_DECIMALS);
}

/** Checksummed form of an address; null for other text. Mixed case must match the checksum (ERC-55). */
export function addressOf(text: string): Address | null {
  const digits = text.slice(2);
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  return isAddress(text, { strict: isMixed }) ? getAddress(text) : null;
}

/** True if both are equal in any case. Null (the native coin) equals only null. */
export function isSameAddress(one: Address | null, other: Address | null): boolean {
  return one === null || other === null ? one === other : isAddressEqual(one, other);
}

/** Head of a chain at the last poll. Fees are wei per unit of gas. */
export interface Head {
  readonly number: bigint;
  readonly hash: Hex;
  readonly baseFeePerGas: bigint;
  readonly tip: bigint;
  /** The highest final block; negative if none is final. */
  readonly finalNumber: bigint;
}

/** Receipt of a mined transaction. Provisional: a reorganisation can remove the receipt. */
export interface Receipt {
  readonly hash: Hex;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  readonly from: Address;
  /** `unknown`: no node shows the outcome. */
  readonly status: 'success' | 'reverted' | 'unknown';
  /** Null, like the two below: no node shows the value. */
  readonly gasUsed: bigint | null;
  /** Wei per unit of gas, as charged. */
  readonly effectiveGasPrice: bigint | null;
  /** Further charge of a rollup in wei, where the receipt names such a charge. */
  readonly l1Fee?: bigint;
  readonly logs: readonly ChainLog[] | null;
}

export interface ChainLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

interface FinalTransaction {
  readonly blockHash: Hex;
  readonly status: 'success' | 'reverted';
}

/**
 * Compares a final transaction with a later poll. `taken_back`: the final block is gone. `moved`:
 * another block, same result. `unseen`: proves nothing.
 */
export function lookBack(
  final: FinalTransaction,
  blockHash: Hex | null,
  receipt: Receipt | null | undefined,
): 'holds' | 'moved' | 'taken_back' | 'unseen' {
  if (blockHash === null) return 'unseen';
  if (blockHash === final.blockHash) return 'holds';
  if (receipt === undefined || receipt?.status === 'unknown') return 'unseen';
  return receipt?.status === final.status ? 'moved' : 'taken_back';
}
