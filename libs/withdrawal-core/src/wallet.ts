/** Name of the venue for our own hot wallet. */
export const WALLET = 'wallet';
