/** Payment accepted by the venue, with the decisions at acceptance. */
export interface BookedPayment {
  readonly id: string;
  readonly kind: 'chain' | 'account';
  /** Client's own id, if the venue supports client ids. */
  readonly client_id: string | null;
  readonly currency: string;
  readonly chain: string | null;
  readonly destination: string;
  readonly memo: string | null;
  /** Amount deducted from the venue account, fee included. Decimal text. */
  readonly amount: string;
  readonly fee: string;
  /** Amount received by the recipient. */
  readonly net_amount: string;
  /** Unix milliseconds. */
  readonly created_at: number;
  /** Name of the initial status script. */
  readonly script: string;
}

/** Payment and current progress. Only the book changes the progress. */
export interface Entry {
  readonly payment: BookedPayment;
  script: string;
  stage: number;
  /** Start of the current status, Unix milliseconds. */
  since: number;
}
