import { API_VENUES } from '@sluice/kernel';
import { readVenueAccounts } from './venue-accounts.js';

/**
 * Venues with an API and their further accounts. `VENUE_ACCOUNTS` names the further accounts; every
 * process gets the same value, because topics and message keys follow from the names.
 */
export const VENUES: readonly string[] = [
  ...API_VENUES,
  ...readVenueAccounts(process.env['VENUE_ACCOUNTS'] ?? ''),
];
