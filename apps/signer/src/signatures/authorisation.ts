import type { Destination } from '@sluice/destination';
import { readSignerReceipt, type KeyRing } from '@sluice/message-auth';
import { orderDigest, recipientDigest, WALLET } from '@sluice/messages';
import { ok, refuse, type Result } from '@sluice/result';
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
  /** Until when a first signature for these terms may be made, or why none may. */
  endOf(terms: PaymentTerms): Result<Date, SignerRefusal>;
}

/** The ledger's word: it holds the money of exactly this order, and the wallet is the one venue that may pay it. */
export class LedgerReceipts implements Authorisation {
  /** `ring`: the keys that ledger and signer share, and nobody else has. */
  constructor(private readonly ring: KeyRing) {}

  endOf({ destination, digest, receipt, ...terms }: PaymentTerms): Result<Date, SignerRefusal> {
    const own = orderDigest({ ...terms, recipientDigest: recipientDigest(destination) });
    if (own !== digest) return refuse('digest_wrong');
    const hold = { withdrawalId: terms.withdrawalId, digest, venue: WALLET };
    const until = readSignerReceipt(this.ring, hold, receipt);
    return until === null ? refuse('receipt_wrong') : ok(until);
  }
}
