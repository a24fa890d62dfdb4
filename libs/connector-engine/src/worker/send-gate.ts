import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { VenueClock } from '../clock/venue-clock.js';

/**
 * Permits or blocks sending, and holds the venue's clock. Look-ups and polls continue while
 * blocked.
 */
@Injectable()
export class SendGate {
  /** Fault of the start-up check; null once the check has passed. */
  startFault: string | null = 'the start-up check has not run yet';
  /** Set when the database is found to have gone back; null once its rows are in order and the venue's record is read through. */
  restoreFault: string | null = null;

  constructor(
    readonly clock: VenueClock,
    private readonly database: Database,
  ) {}

  /** Returns the reason for the block of sending; null if sending is permitted. */
  fault(): string | null {
    return (
      this.startFault ?? this.restoreFault ?? this.clock.fault() ?? this.database.clock.fault()
    );
  }
}
