/** An intake without a connector of our own wallet: nothing is tried before its hold. */
export const NO_TRIALS = { areMade: false, isRefused: () => Promise.resolve(false) };
