import type { NumberedTransfer } from '@sluice/evm';
import type { Amount } from '@sluice/money';
import type { SignatureKind } from '@sluice/signer-api';
import type { SigningChain } from './chains.js';

/** What is to be signed, once the request is understood: one transfer with its nonce and its fees. */
export interface SignatureOrder {
  readonly kind: SignatureKind;
  readonly transfer: NumberedTransfer;
  /** Whose payment it is; null for anything else. */
  readonly withdrawalId: string | null;
  /** A first signature for it is made before this moment of the signer's database; null for anything else. */
  readonly beginsBy: Date | null;
  /** What leaves the wallet with it; nothing does with a void. */
  readonly amount: Amount | null;
  /** The most that its gas may cost, in the chain's own coin. */
  readonly gasCost: Amount;
  /** The most of each asset of its chain. */
  readonly caps: Pick<SigningChain, 'capOf'>;
  /** The count of the sender's transactions before the signer signed its first one. */
  readonly firstNonce: bigint;
}
