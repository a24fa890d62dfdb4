import type { Address } from 'viem';

/** One EVM chain as operators describe it: an entry of the JSON list in the file that EVM_CHAINS_FILE names. */
export interface ChainSettings {
  /** Our name of it, the part of an asset behind the dot. */
  readonly network: string;
  readonly chainId: number;
  /** In the order in which they are asked and believed. */
  readonly rpcUrls: readonly string[];
  /** So many blocks, that of the payment among them, or the chain's own `finalized`. Never `safe`, which no longer has one meaning. */
  readonly finality: { readonly confirmations: number } | 'finalized';
  readonly fees: FeePolicy;
  readonly native: NativeCoin;
  readonly tokens: readonly Token[];
  readonly wallets: readonly Wallet[];
  /** How the tank keeps hot wallets in gas; absent where nothing tops up. */
  readonly topUps?: TopUpPolicy;
}

export interface FeePolicy {
  /** No transaction offers more for a unit of gas; decimal text. */
  readonly maxFeeCapGwei: string;
  /** What is offered to whoever makes the block; decimal text. */
  readonly tipGwei: string;
  /** By how much a replacement raises both fees, in percent; 12.5 at least. */
  readonly bumpPercent: number;
  /** A transaction that was sent so many blocks ago and is in none is stuck. */
  readonly stuckAfterBlocks: number;
  /** Units of gas that one payment may use: a recipient that needs more is refused, and no payment is signed with more. */
  readonly recipientGasLimit: number;
}

/** The coin in which a chain takes its gas. */
export interface NativeCoin {
  readonly currency: string;
  readonly unitWorthEur?: UnitWorth;
}

/** What one unit of a currency is worth in EUR, decimal text; required where no release names the caps of that currency. */
type UnitWorth = string;

export interface Token {
  readonly currency: string;
  readonly address: Address;
  readonly decimals: number;
  readonly unitWorthEur?: UnitWorth;
}

/** An address of ours. */
export interface Wallet {
  readonly address: Address;
  /** `hot` pays withdrawals, `tank` pays gas into hot ones. */
  readonly purpose: 'hot' | 'tank';
  /** Pays for this account alone. */
  readonly accountId?: string;
  /** The count of its transactions before the signer signed its first one; 0 unless set. */
  readonly firstNonce?: number;
}

/** Amounts of the native coin in its own unit, decimal text. */
export interface TopUpPolicy {
  /** A hot wallet that has less gets gas, */
  readonly below: string;
  /** so that it has this much. */
  readonly upTo: string;
  /** The most that the tank gives away in any 24 hours, its own gas included. */
  readonly mostPerDay: string;
}
