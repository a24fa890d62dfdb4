/** UUID of a customer's account. */
export type AccountId = string;

/** UUID of a withdrawal: the business key of everything that happens to its hold. */
export type WithdrawalId = string;

/** RFC 3339 in UTC, as the clock gave it to the batch. */
export type Instant = string;
