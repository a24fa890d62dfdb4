import { type Destination, ok, refuse, type Result } from '@sluice/kernel';
import { readSignerReceipt, type KeyRing } from '@sluice/signing';
import { orderDigest, recipientDigest, WALLET } from '@sluice/messages';
import type { SignerRefusal } from '@sluice/signer-api';

/** Terms of a withdrawal, and the proof of the right to pay the withdrawal. */
interface PaymentTerms {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly asset: string;
  readonly amount: string;
  readonly fee: string;
  readonly destination: Destination;
  readonly digest: string;
  readonly receipt: string;
}

/** Decides if a payment may be made; the client requesting a signature never decides. */
export interface Authorisation {
  /** Deadline for a first signature for the terms, or the reason for the refusal. */
  endOf(terms: PaymentTerms): Result<Date, SignerRefusal>;
}

/**
 * Receipts of the ledger: the ledger holds the money of exactly this order, and the wallet is the
 * only venue that may pay the order.
 */
export class LedgerReceipts implements Authorisation {
  /** @param ring Keys shared by ledger and signer only. */
  constructor(private readonly ring: KeyRing) {}

  endOf({ destination, digest, receipt, ...terms }: PaymentTerms): Result<Date, SignerRefusal> {
    const own = orderDigest({ ...terms, recipientDigest: recipientDigest(destination) });
    if (own !== digest) return refuse('digest_wrong');
    const hold = { withdrawalId: terms.withdrawalId, digest, venue: WALLET };
    const until = readSignerReceipt(this.ring, hold, receipt);
    return until === null ? refuse('receipt_wrong') : ok(until);
  }
}
