/** Units of gas that one payment may use where a chain's settings name no other limit. */
export const DEFAULT_RECIPIENT_GAS = 100_000;

/** No settings can allow more: a transfer that needs more gas does something else as well. */
export const MOST_RECIPIENT_GAS = 1_000_000;

/** A transfer of coins to an address without code; nothing is paid for less. */
export const LEAST_RECIPIENT_GAS = 21_000;
