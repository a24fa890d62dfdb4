/** One payment that the venue took on, as decided when it was taken. */
export interface Payment {
  readonly id: string;
  readonly kind: 'chain' | 'account';
  /** The client's own id, where the venue has one. */
  readonly client_id: string | null;
  readonly currency: string;
  readonly chain: string | null;
  readonly destination: string;
  readonly memo: string | null;
  /** What leaves the venue's account, fee included. Decimal text. */
  readonly amount: string;
  readonly fee: string;
  /** What the recipient gets. */
  readonly net_amount: string;
  /** Unix milliseconds. */
  readonly created_at: number;
  /** Name of the status script that it starts on. */
  readonly script: string;
}

/** A payment and how far it has come. Only the book moves it. */
export interface Entry {
  readonly payment: Payment;
  script: string;
  stage: number;
  /** When the present status began, Unix milliseconds. */
  since: number;
}
