import type { NumberedTransfer } from '@sluice/evm';
import type { Amount } from '@sluice/kernel';
import type { SignatureKind } from '@sluice/signer-api';
import type { SigningChain } from './chains.js';

/** A parsed signature request: a transfer with nonce and fees. */
export interface SignatureOrder {
  readonly kind: SignatureKind;
  readonly transfer: NumberedTransfer;
  /** Withdrawal of a payment; null for a void or a top-up. */
  readonly withdrawalId: string | null;
  /**
   * Deadline of a first signature by the clock of the signer's database; null for a void or a
   * top-up.
   */
  readonly beginsBy: Date | null;
  /** Amount leaving the wallet; null for a void. */
  readonly amount: Amount | null;
  /** Maximum gas cost, in the chain's own coin. */
  readonly gasCost: Amount;
  /** Caps of the assets of the order's chain. */
  readonly caps: Pick<SigningChain, 'capOf'>;
  /** Transaction count of the sender before the signer's first signature. */
  readonly firstNonce: bigint;
}
