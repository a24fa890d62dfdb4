import type { Destination } from '@sluice/destination';
import { verifySignerReceipt, type KeyRing } from '@sluice/message-auth';
import { orderDigest, recipientDigest, WALLET } from '@sluice/messages';
import type { SignerRefusal } from '@sluice/signer-api';

/** The terms of a withdrawal, and what was brought along to prove that it may be paid. */
export interface PaymentTerms {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly asset: string;
  readonly amount: string;
  readonly fee: string;
  readonly destination: Destination;
  readonly digest: string;
  readonly receipt: string;
}

/** Who says that a payment may be made; whoever asks for a signature is never the one. */
export interface Authorisation {
  /** Why these terms may not be paid; null when they may. */
  refusalOf(terms: PaymentTerms): SignerRefusal | null;
}

/** The ledger's word: it holds the money of exactly this order, and the wallet is the one venue that may pay it. */
export class LedgerReceipts implements Authorisation {
  /** `ring`: the keys that ledger and signer share, and nobody else has. */
  constructor(private readonly ring: KeyRing) {}

  refusalOf({ destination, digest, receipt, ...terms }: PaymentTerms): SignerRefusal | null {
    const own = orderDigest({ ...terms, recipientDigest: recipientDigest(destination) });
    if (own !== digest) return 'digest_wrong';
    const hold = { withdrawalId: terms.withdrawalId, digest, venue: WALLET };
    return verifySignerReceipt(this.ring, hold, receipt) ? null : 'receipt_wrong';
  }
}
