/** Gas limit of a payment without a limit in the chain's settings. */
export const DEFAULT_RECIPIENT_GAS = 100_000;

/** Upper bound for the setting: a transfer with a higher need does more than transfer. */
export const MOST_RECIPIENT_GAS = 1_000_000;

/** Gas of a native transfer to an address without code: the minimum of any payment. */
export const LEAST_RECIPIENT_GAS = 21_000;
