import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { VenueClock } from '../clock/venue-clock.js';

/** Whether anything may be sent now, and the venue's clock, whose time is stored with each attempt. Look-ups and polling go on meanwhile. */
@Injectable()
export class SendGate {
  /** Why nothing is sent yet; null once the start-up check has passed. */
  startFault: string | null = 'the start-up check has not run yet';
  /** Set when the database is found to have gone back; null once its rows are in order and the venue's record is read through. */
  restoreFault: string | null = null;

  constructor(
    readonly clock: VenueClock,
    private readonly database: Database,
  ) {}

  /** Why nothing may be sent; null when it may. */
  fault(): string | null {
    return (
      this.startFault ?? this.restoreFault ?? this.clock.fault() ?? this.database.clock.fault()
    );
  }
}
