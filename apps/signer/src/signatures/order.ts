import type { NumberedTransfer } from '@sluice/evm';
import type { Amount } from '@sluice/money';
import type { SignatureKind } from '@sluice/signer-api';

/** What is to be signed, once the request is understood: one transfer with its nonce and its fees. */
export interface SignatureOrder {
  readonly kind: SignatureKind;
  readonly transfer: NumberedTransfer;
  /** Whose payment it is; null for anything else. */
  readonly withdrawalId: string | null;
  /** What leaves the wallet with it; nothing does with a void. */
  readonly amount: Amount | null;
  /** The most that its gas may cost, in the chain's own coin. */
  readonly gasCost: Amount;
}
