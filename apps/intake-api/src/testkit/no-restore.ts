import { NO_HOLDS } from '../withdrawals/restored/order-holds.js';

/** Guard of a database never restored, with no unclaimed payment at any venue. */
export const NO_RESTORE = { holds: () => Promise.resolve(NO_HOLDS) };
