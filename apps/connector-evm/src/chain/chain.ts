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
 * A chain behind several RPC nodes, with checks before a node is trusted (ADR 28). No call throws
 * for a fault of a node: null or the kind `unavailable` means no trustworthy node answered.
 */
export interface Chain {
  readonly settings: ChainSettings;
  /**
   * Polls the nodes and chooses the trusted node until the next poll. The trusted node is the first
   * in order with an answer, on this chain and without lag. All answering nodes must agree with the
   * node on the final block. Null: no node qualifies; `trouble` has the reasons.
   */
  head(): Promise<Head | null>;
  /**
   * Returns the last head if at most a second old, otherwise polls again. Concurrent callers share
   * the poll. For fees and funds.
   */
  recentHead(): Promise<Head | null>;
  /** Reasons for the failed last poll, or faults of the other nodes; a sentence each. */
  trouble(): readonly string[];
  /**
   * Receipts from the trusted node, in a single batch; null for a hash in no block. A receipt in a
   * final block is returned only if the other nodes confirm the receipt. Unconfirmed and unanswered
   * hashes are missing from the map.
   */
  receipts(hashes: readonly Hex[]): Promise<ReadonlyMap<Hex, Receipt | null> | null>;
  /**
   * Block hash from the trusted node. Null also if the block is final and another node has a
   * different hash.
   */
  blockHash(number: bigint): Promise<Hex | null>;
  /** True per hash if the trusted node has the transaction in a block or in the pool. */
  isKnown(hashes: readonly Hex[]): Promise<ReadonlyMap<Hex, boolean> | null>;
  /**
   * Number of transactions per address, equal to the next nonce. `latest`: according to the trusted
   * node. `pending`: including the pool of the trusted node. At a final block, null if any node
   * with the block disagrees.
   */
  nonces(
    addresses: readonly Address[],
    at: 'latest' | 'pending' | bigint,
  ): Promise<ReadonlyMap<Address, bigint> | null>;
  /**
   * Finds the transaction that used this nonce of this address, at the latest in block `upTo`. The
   * result proves other transactions with the same nonce dead. Null if no node knows.
   */
  usedBy(address: Address, nonce: bigint, upTo: bigint): Promise<UsedNonce | null>;
  /**
   * Returns every transaction of these addresses in the blocks `from` to `to`, which must be final. Null where a block cannot be read, or where
   * no second node confirms a transaction. A node that hides a transaction is noticed by the count of nonces.
   */
  sentIn(
    addresses: readonly Address[],
    from: bigint,
    to: bigint,
  ): Promise<readonly SentTransaction[] | null>;
  /**
   * Whether several nodes prove that a transfer, which is final and logged no event, moved nothing of its token. False where that is not so, or where
   * fewer than two nodes tell.
   */
  movedNothing(transfer: PlainTransfer, receipt: Receipt): Promise<boolean>;
  /** In the smallest units; `at` a block, or as of now. */
  balances(
    address: Address,
    tokens: readonly Address[],
    at?: 'latest' | bigint,
  ): Promise<ChainBalances | null>;
  /** Code at our addresses at the head of the trusted node; `0x` for none. Unreadable answers are missing. */
  codes(): Promise<ReadonlyMap<Address, Hex> | null>;
  /**
   * Simulates a plain transfer without sending: the token's code, the token's answer, and the gas
   * at the given fees.
   */
  tryTransfer(transfer: PlainTransfer, fees: Fees): Promise<TransferTrial>;
  /**
   * Sends a signed transaction, and tries the next node if a node does not take the transaction.
   * Sending the same bytes repeatedly is safe.
   */
  send(raw: Hex): Promise<SendAnswer>;
  /**
   * Sends a signed transaction to every node, because a node may drop a transaction after taking
   * the transaction.
   */
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
  /**
   * `gasLimit` includes the margin and is within the limit of the chain's settings. The sender's
   * balances are returned because the trial read them. `tokenBalance` is null for the native coin.
   */
  | {
      readonly kind: 'works';
      readonly gasLimit: bigint;
      readonly nativeBalance: bigint;
      readonly tokenBalance: bigint | null;
    }
  /** The sender has less of the asset than the amount; the caller compares gas. */
  | { readonly kind: 'short'; readonly balance: bigint }
  /**
   * The transfer would revert, or the token refuses. `reason` is stable; `message` is for people.
   */
  | { readonly kind: 'refused'; readonly reason: TrialRefusal; readonly message: string }
  | { readonly kind: 'unavailable'; readonly cause: string };

type TrialRefusal =
  /**
   * The recipient is a contract and does not accept the transfer, or the token refuses this
   * recipient.
   */
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

/** An asset in the chain's terms. */
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

/**
 * Converts an amount to the smallest units; null if the amount has too many decimals, or is zero or
 * negative.
 */
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
