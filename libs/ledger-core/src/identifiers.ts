/** UUID of a customer's account. */
export type AccountId = string;

/** UUID of a withdrawal, the business key for all changes of the hold. */
export type WithdrawalId = string;

/** RFC 3339 time in UTC, read from the clock for the batch. */
export type Instant = string;
