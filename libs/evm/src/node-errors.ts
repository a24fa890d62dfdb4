/**
 * Class of a node's refusal of a raw transaction. The refusal proves no fact about earlier sends,
 * or about other nodes.
 */
export type NodeErrorClass =
  /** The same transaction is already in a pool or in a block. */
  | 'already_known'
  /** The nonce is used, by a transaction of ours or by a foreign transaction. */
  | 'nonce_too_low'
  /** A lower nonce is missing, and this node keeps no transactions after a gap. */
  | 'nonce_too_high'
  /** Another transaction with this nonce is in the pool and pays about as much; or less is offered than a block or the node takes. */
  | 'underpriced'
  /** The sender's balance is below gas limit × fee plus the transferred amount. */
  | 'insufficient_funds'
  /** Wrong chain, insufficient gas for any transaction of this kind, or malformed bytes. */
  | 'invalid'
  /** An unknown text proves no fact. */
  | 'unclear';

/**
 * Classified by text, because error codes for the same fault differ between nodes (-32000, -32003,
 * -32602, -32010). The texts were read or measured for anvil, hardhat, ganache, geth, Erigon,
 * Nethermind, Besu and Reth. The first match counts.
 */
const TEXTS: readonly (readonly [RegExp, NodeErrorClass])[] = [
  [/already (known|imported|exists)|known transaction|alreadyknown/i, 'already_known'],
  [/nonce (is )?too low|oldnonce|nonce has already been used|nonce_too_low/i, 'nonce_too_low'],
  [/nonce (is )?too high|nonce gap|noncegap|nonce_too_(high|distant)/i, 'nonce_too_high'],
  [
    /insufficient (funds|balance)|insufficientfunds|doesn't have enough funds|upfront_cost/i,
    'insufficient_funds',
  ],
  [
    /priority fee per gas (is )?(higher|greater) than max ?fee|tip (cap )?(higher|greater|above)/i,
    'invalid',
  ],
  [
    /underpriced|less than block base fee|below (the )?(block )?base fee|max ?fee ?per ?gas.* too low|gas price (is )?too low|fee ?too ?low|minimum needed|gas price below/i,
    'underpriced',
  ],
  [/invalid chain ?id|wrong chain|chain_?id|incompatible eip-?155/i, 'invalid'],
  [
    /intrinsic gas|requires at least \d+ gas|exceeds block gas limit|rlp|invalid (sender|signature)|oversized data|unsupported transaction type|failed to decode/i,
    'invalid',
  ],
];

/** Classifies the JSON-RPC error message of a failed `eth_sendRawTransaction`. */
export function classOfNodeError(message: string): NodeErrorClass {
  return TEXTS.find(([text]) => text.test(message))?.[1] ?? 'unclear';
}

/**
 * True if an error of `eth_call` or `eth_estimateGas` means a revert of the call; false for faults
 * of the node.
 */
export function saysRevert(message: string): boolean {
  return /revert|invalid opcode|out of gas|always failing transaction|vm exception|execution error/i.test(
    message,
  );
}
