import type {
  ChainSettings,
  Fees,
  Head,
  NodeErrorClass,
  PlainTransfer,
  Receipt,
} from '@sluice/evm';
import type { Address, Hex } from 'viem';

/**
 * One chain behind its RPC nodes, which are asked in order and believed with care (ADR 56). No call throws for what a node does: null, or the
 * kind `unavailable`, says that nobody who can be believed has answered.
 */
export interface Chain {
  readonly settings: ChainSettings;
  /**
   * A new look. Chooses the node that is believed until the next one: the first in order that answers, is on this chain, is not behind, and
   * has the same final block as every other that answers. Null: there is none; `trouble` says why.
   */
  head(): Promise<Head | null>;
  /** What the last look showed, where it is a second old at most; else a new one, shared by all who ask for it meanwhile. For fees and funds. */
  recentHead(): Promise<Head | null>;
  /** Why the last look failed, or what a node that is not believed did in it; one sentence each. */
  trouble(): readonly string[];
  /**
   * Of the believed node, in one batch; null for a hash that it has in no block. One in a block that is final is only told when the other nodes
   * say the same of it; until then it is missing, as is what was not answered.
   */
  receipts(hashes: readonly Hex[]): Promise<ReadonlyMap<Hex, Receipt | null> | null>;
  /** Of the believed node; null too where another node has another one and the block is final. */
  blockHash(number: bigint): Promise<Hex | null>;
  /** Whether the believed node has it in a block or in its pool. */
  isKnown(hashes: readonly Hex[]): Promise<ReadonlyMap<Hex, boolean> | null>;
  /**
   * How many transactions each address has in the chain: its next nonce there. `latest` is what the believed node says, `pending` with all in its pool; at a block that is final
   * null unless every node that has that block says the same.
   */
  nonces(
    addresses: readonly Address[],
    at: 'latest' | 'pending' | bigint,
  ): Promise<ReadonlyMap<Address, bigint> | null>;
  /** Which transaction used this nonce of this address, at the latest in block `upTo`: the proof that others with it are dead. Null where no node can tell. */
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
  /** Tries a plain transfer without sending it: the code of the token, its answer, the gas at these fees. */
  tryTransfer(transfer: PlainTransfer, fees: Fees): Promise<TransferTrial>;
  /** Sends bytes that are signed, to the next node where one does not take them. The same bytes may be sent any number of times. */
  send(raw: Hex): Promise<SendAnswer>;
  /** Sends them to every node: one that said it had taken them may have thrown them away. */
  resend(raw: Hex): Promise<SendAnswer>;
  close(): Promise<void>;
}

export interface UsedNonce {
  readonly hash: Hex;
  readonly blockNumber: bigint;
  /** What it did; null where it made a contract. */
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
  /** `gasLimit` has its margin and is within the limit of the chain's settings. The balances of the sender are told since they were read for it: `tokenBalance` is null for the native coin. */
  | {
      readonly kind: 'works';
      readonly gasLimit: bigint;
      readonly nativeBalance: bigint;
      readonly tokenBalance: bigint | null;
    }
  /** The sender has too little of what is to be transferred; gas is for the caller to compare. */
  | { readonly kind: 'short'; readonly balance: bigint }
  /** It would revert, or the token says no: `reason` is stable, `message` for people. */
  | { readonly kind: 'refused'; readonly reason: TrialRefusal; readonly message: string }
  | { readonly kind: 'unavailable'; readonly cause: string };

type TrialRefusal =
  /** The recipient is a contract that does not take it, or the token refuses this recipient. */
  | 'would_revert'
  /** The token answers false, or something that is no answer of a token. */
  | 'token_refuses'
  /** There is no contract at the token's address on this chain. */
  | 'no_contract'
  /** The recipient or the token needs more gas than a payment may use. */
  | 'gas_above_limit';

export type SendAnswer =
  | { readonly kind: 'taken'; readonly hash: Hex } // a node has it in its pool
  | { readonly kind: 'known'; readonly hash: Hex } // a node had it already, and shows it
  /** Every node that answered said no. It proves nothing of what was sent before. */
  | {
      readonly kind: 'refused';
      readonly class: Exclude<NodeErrorClass, 'already_known' | 'unclear'>;
      readonly message: string;
    }
  | { readonly kind: 'unknown'; readonly cause: string }
  /** Proven that no byte of it left: no connection to any node. */
  | { readonly kind: 'not_reached'; readonly cause: string };
