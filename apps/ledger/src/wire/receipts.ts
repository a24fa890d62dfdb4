/** Receipts of the ledger for the venue assigned to pay a hold. */
export interface Receipts {
  readonly venue: string;
  /**
   * Receipt for the connector, without an end time: read by connectors of release 0.2.
   * `timedReceipt` has an end time.
   */
  readonly receipt: string;
  readonly timedReceipt: string;
  /** Receipt for the signer, passed on by the connector; only if the venue is our own wallet. */
  readonly signerReceipt?: string;
}
