import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { StatusPoller } from './status-poller.js';

const HINTED = `
  UPDATE submission SET next_action_at = clock_timestamp()
   WHERE venue_reference = ANY ($1::text[])
     AND (state = 'accepted' OR (state = 'settled' AND next_action_at IS NOT NULL))`;

/**
 * Handles changes reported by the venue (a webhook). The report is not trusted: the poller only
 * queries the named submissions at once.
 */
@Injectable()
export class VenueHints {
  constructor(
    private readonly database: Database,
    private readonly poller: StatusPoller,
  ) {}

  async lookUpNow(venueReferences: readonly string[]): Promise<void> {
    await this.database.query(HINTED, [venueReferences]);
    this.poller.loop.wake();
  }
}
