export interface BalanceView {
  readonly asset: string;
  readonly currency: string;
  readonly network: string;
  readonly posted: string;
  readonly held: string;
  readonly available: string;
}

/** `unfolded` sums are added to the folded days: they cost time and never truth. */
export interface SharedView {
  readonly balances: readonly BalanceView[];
  readonly unfolded: number;
  readonly lag_ms: number;
}

export interface EntryView {
  readonly entry_id: string;
  readonly kind: string;
  readonly account_id: string;
  readonly withdrawal_id: string | null;
  readonly reference: string | null;
  readonly reverses: string | null;
  readonly reason: string | null;
  readonly effective_at: string;
  readonly recorded_at: string;
  readonly postings: readonly {
    readonly account: string;
    readonly asset: string;
    readonly amount: string;
  }[];
}

export interface StatementLine {
  readonly entry_id: string;
  readonly kind: string;
  readonly asset: string;
  readonly amount: string;
  readonly withdrawal_id: string | null;
  readonly reference: string | null;
  readonly effective_at: string;
  readonly recorded_at: string;
}

export interface HoldView {
  readonly withdrawal_id: string;
  readonly account_id: string;
  readonly asset: string;
  readonly amount: string;
  readonly state: string;
  readonly decided_at: string;
  readonly expires_at: string | null;
  readonly submission_started_at: string | null;
  readonly closed_at: string | null;
  readonly reason: string | null;
}

/** Where the next page of a statement goes on: after this entry, newest first. What is booked meanwhile comes before it and moves nothing. */
export interface StatementCursor {
  readonly recordedAt: string;
  readonly entryId: string;
}
