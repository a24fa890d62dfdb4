/** The venue that is our own hot wallet. */
export const WALLET = 'wallet';
