import type { Address, Hex } from 'viem';
import {
  type ChainSettings,
  type Fees,
  type Head,
  NATIVE_DECIMALS,
  type NodeErrorClass,
  type PlainTransfer,
  type Receipt,
  textOf,
  unitsOf,
} from '@sluice/evm';
import { Amount, type Asset, assetOf } from '@sluice/kernel';

/**
 * A chain behind several nodes, checked before they are trusted (ADR 28). No call throws: null or
 * `unavailable` means no trusted answer.
 */
export interface Chain {
  readonly settings: ChainSettings;
  /**
   * Chooses the trusted node until the next poll: the first with an answer, on this chain, without
   * lag, and in agreement about the final block. Null: none; see `trouble`.
   */
  head(): Promise<Head | null>;
  /** The last head if at most a second old, else a shared poll. For fees and funds. */
  recentHead(): Promise<Head | null>;
  /** Reasons for the failed last poll, or faults of the other nodes; a sentence each. */
  trouble(): readonly string[];
  /**
   * Receipts of the trusted node; null for a hash in no block. In a final block the other nodes
   * must confirm. Unanswered hashes are missing.
   */
  receipts(hashes: readonly Hex[]): Promise<ReadonlyMap<Hex, Receipt | null> | null>;
  /** Block hash; null also if another node disagrees about a final block. */
  blockHash(number: bigint): Promise<Hex | null>;
  /** True per hash if the trusted node has the transaction in a block or in the pool. */
  isKnown(hashes: readonly Hex[]): Promise<ReadonlyMap<Hex, boolean> | null>;
  /**
   * Next nonce per address. `latest`: of the trusted node. `pending`: with its pool. At a final
   * block: null if any node disagrees.
   */
  nonces(
    addresses: readonly Address[],
    at: 'latest' | 'pending' | bigint,
  ): Promise<ReadonlyMap<Address, bigint> | null>;
  /**
   * Finds the transaction of this nonce up to block `upTo`: others with the nonce are dead. Null if
   * unknown.
   */
  usedBy(address: Address, nonce: bigint, upTo: bigint): Promise<UsedNonce | null>;
  /**
   * Every transaction of these addresses in the final blocks. Null where a block is unreadable or
   * unconfirmed. The count of nonces reveals a hidden transaction.
   */
  sentIn(
    addresses: readonly Address[],
    from: bigint,
    to: bigint,
  ): Promise<readonly SentTransaction[] | null>;
  /** True if several nodes prove that a final transfer without event moved nothing of its token. */
  movedNothing(transfer: PlainTransfer, receipt: Receipt): Promise<boolean>;
  /** In the smallest units; `at` a block, or as of now. */
  balances(
    address: Address,
    tokens: readonly Address[],
    at?: 'latest' | bigint,
  ): Promise<ChainBalances | null>;
  /** Code at our addresses at the head of the trusted node; `0x` for none. Unreadable answers are missing. */
  codes(): Promise<ReadonlyMap<Address, Hex> | null>;
  /** Simulates a transfer: the token's code and answer, and the gas at the given fees. */
  tryTransfer(transfer: PlainTransfer, fees: Fees): Promise<TransferTrial>;
  /** Sends a signed transaction to the first node that takes it. Repeats are safe. */
  send(raw: Hex): Promise<SendAnswer>;
  /** Sends to every node: a node may drop a transaction. */
  resend(raw: Hex): Promise<SendAnswer>;
  close(): Promise<void>;
}

export interface UsedNonce {
  readonly hash: Hex;
  readonly blockNumber: bigint;
  /** Recipient of the transaction; null for a contract creation. */
  readonly to: Address | null;
  readonly value: bigint;
  readonly input: Hex;
}

export interface SentTransaction extends UsedNonce {
  readonly from: Address;
  readonly nonce: bigint;
}

export interface ChainBalances {
  readonly native: bigint;
  readonly tokens: ReadonlyMap<Address, bigint>;
}

export type TransferTrial =
  /** `gasLimit` has the margin and is within the limit. `tokenBalance` is null for the native coin. */
  | {
      readonly kind: 'works';
      readonly gasLimit: bigint;
      readonly nativeBalance: bigint;
      readonly tokenBalance: bigint | null;
    }
  /** The sender has less of the asset than the amount; the caller compares gas. */
  | { readonly kind: 'short'; readonly balance: bigint }
  /** The transfer would revert, or the token refuses. `reason` is stable. */
  | { readonly kind: 'refused'; readonly reason: TrialRefusal; readonly message: string }
  | { readonly kind: 'unavailable'; readonly cause: string };

type TrialRefusal =
  /** The recipient is a contract that does not accept the transfer, or the token refuses it. */
  | 'would_revert'
  /** The token answers false or with another value, or would not move the exact amount. */
  | 'token_refuses'
  /** The token's address has no contract on this chain. */
  | 'no_contract'
  /** The recipient or the token needs more gas than a payment may use. */
  | 'gas_above_limit';

export type SendAnswer =
  | { readonly kind: 'taken'; readonly hash: Hex } // a node has the transaction in the pool
  // a node already had the transaction, and shows the transaction
  | { readonly kind: 'known'; readonly hash: Hex }
  /** Nodes refused. The refusal proves no fact about earlier sends, or about other nodes. */
  | {
      readonly kind: 'refused';
      readonly class: Exclude<NodeErrorClass, 'already_known' | 'unclear'>;
      readonly message: string;
    }
  | { readonly kind: 'unknown'; readonly cause: string }
  /** Proven: no byte was sent, because no connection to any node was made. */
  | { readonly kind: 'not_reached'; readonly cause: string };

export interface PayableAsset {
  readonly asset: Asset;
  readonly network: string;
  readonly chainId: number;
  /** Contract of the token; null for the chain's native coin. */
  readonly token: Address | null;
  readonly decimals: number;
  /** Value of a unit in EUR; null if not configured. */
  readonly unitWorthEur: string | null;
}

export function payableAssets(chains: readonly ChainSettings[]): ReadonlyMap<Asset, PayableAsset> {
  return new Map(
    chains.flatMap((chain) => [nativeOf(chain), ...tokensOf(chain)]).map((one) => [one.asset, one]),
  );
}

export function nativeOf({ network, chainId, native }: ChainSettings): PayableAsset {
  const asset = assetOf(native.currency, network);
  const unitWorthEur = native.unitWorthEur ?? null;
  return { asset, network, chainId, token: null, decimals: NATIVE_DECIMALS, unitWorthEur };
}

/** Converts to the smallest units; null for too many decimals, zero or less. */
export function unitsOfAmount(amount: Amount, { decimals }: PayableAsset): bigint | null {
  const units = unitsOf(amount.toString(), decimals);
  return units === null || units <= 0n ? null : units;
}

export function amountOfUnits(units: bigint, { asset, decimals }: PayableAsset): Amount {
  return Amount.of(textOf(units, decimals), asset);
}

function tokensOf({ network, chainId, tokens }: ChainSettings): PayableAsset[] {
  return tokens.map(({ currency, address, decimals, unitWorthEur }) => ({
    asset: assetOf(currency, network),
    network,
    chainId,
    token: address,
    decimals,
    unitWorthEur: unitWorthEur ?? null,
  }));
}
