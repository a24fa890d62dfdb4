/** Intake without a connector of our own wallet: no transfer is tried before the hold. */
export const NO_TRIALS = { areMade: false, isRefused: () => Promise.resolve(false) };
