import { NO_HOLDS } from '../withdrawals/restored/order-holds.js';

/** The guard of a database that was never restored, while no venue has an unclaimed payment. */
export const NO_RESTORE = { holds: () => Promise.resolve(NO_HOLDS) };
