import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';

/** What the ledger writes down comes with these. */
@Injectable()
export class TimeAndIds {
  /** The database's time, which is that of all instances and of the rows that others of our services write. */
  readonly now: () => Date;
  /** UUIDv7: primary keys grow at one end. */
  readonly newId: () => string = randomUUIDv7;

  constructor(database: Database) {
    this.now = () => database.clock.now();
  }
}
