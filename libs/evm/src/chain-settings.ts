import type { Address } from 'viem';

/** Settings of an EVM chain: an entry of the JSON list in the file named by EVM_CHAINS_FILE. */
export interface ChainSettings {
  /** Our own name of the network, the part of an asset after the point. */
  readonly network: string;
  readonly chainId: number;
  /** Node URLs in the order of use and trust. */
  readonly rpcUrls: readonly string[];
  /**
   * Number of blocks, including the payment's own block, or the chain's `finalized`. `safe` is not
   * allowed, because its meaning differs between nodes.
   */
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
  /**
   * Maximum gas of a payment. A recipient with a higher need is refused, and no payment is signed
   * with a higher limit.
   */
  readonly recipientGasLimit: number;
}

/** The coin for gas on a chain. */
interface NativeCoin {
  readonly currency: string;
  readonly unitWorthEur?: UnitWorth;
}

/**
 * Value of a unit of a currency in EUR, decimal text; required if the currency has no built-in
 * caps.
 */
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
