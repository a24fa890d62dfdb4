import { API_VENUES } from '@sluice/messages';

/** Three venues for tests that need no particular venue. */
export const [VENUE_C, VENUE_B, VENUE_A] = API_VENUES;
