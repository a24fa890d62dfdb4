/** What a node's refusal of a raw transaction proves. */
export type NodeErrorClass =
  /** This very transaction is there, in a pool or in a block. */
  | 'already_known'
  /** The nonce is used: by one of our own hashes or by somebody else's. */
  | 'nonce_too_low'
  /** Another transaction with this nonce is in the pool, and pays about as much; or the offer is below what a block or the node takes. */
  | 'underpriced'
  | 'insufficient_funds'
  /** No node of this chain ever takes these bytes. */
  | 'invalid'
  /** A text that we do not know proves nothing. */
  | 'unclear';
