import type { VenueUnderAudit } from './venue-under-audit.js';

/** BitMart's book and balances; its payments need the memo of the key, and no test pays here. */
export const BITMART: VenueUnderAudit = {
  venue: 'bitmart',
  environment: (url, key) => ({ BITMART_BASE_URL: url, BITMART_AUDIT_API_KEY: key.api_key }),
  pay: () => Promise.resolve(false),
};
