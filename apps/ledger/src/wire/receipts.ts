/** Receipts of the ledger for the venue assigned to pay a hold. */
export interface Receipts {
  readonly venue: string;
  /** Receipt for the connector, with an end time. */
  readonly timedReceipt: string;
  /** Receipt for the signer, passed on by the connector; only if the venue is our own wallet. */
  readonly signerReceipt?: string;
}
