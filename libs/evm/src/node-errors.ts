/** What a node's refusal of a raw transaction says. Of what was sent before, or elsewhere, it proves nothing. */
export type NodeErrorClass =
  /** This very transaction is there, in a pool or in a block. */
  | 'already_known'
  /** The nonce is used: by one of our own hashes or by somebody else's. */
  | 'nonce_too_low'
  /** A nonce below it is missing, and this node keeps nothing behind a gap. */
  | 'nonce_too_high'
  /** Another transaction with this nonce is in the pool and pays about as much; or less is offered than a block or the node takes. */
  | 'underpriced'
  /** The sender cannot pay gas limit × fee, and what is transferred, up front. */
  | 'insufficient_funds'
  /** Another chain, too little gas for any such transaction, bytes that are no transaction. */
  | 'invalid'
  /** A text that we do not know proves nothing. */
  | 'unclear';

/**
 * By text, since codes differ from node to node for the same thing (-32000, -32003, -32602, -32010). Read or measured of anvil, hardhat,
 * ganache, geth, Erigon, Nethermind, Besu and Reth; the first that fits counts.
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

/** The class of the message of a JSON-RPC error that answers `eth_sendRawTransaction`. */
export function classOfNodeError(message: string): NodeErrorClass {
  return TEXTS.find(([text]) => text.test(message))?.[1] ?? 'unclear';
}

/** Whether an error of `eth_call` or `eth_estimateGas` means that the call would revert, and is no trouble of the node's own. */
export function saysRevert(message: string): boolean {
  return /revert|invalid opcode|out of gas|always failing transaction|vm exception|execution error/i.test(
    message,
  );
}
