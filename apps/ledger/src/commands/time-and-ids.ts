import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';

/** Source of times and ids for all rows written by the ledger. */
@Injectable()
export class TimeAndIds {
  /** Database time, shared by all instances and by the rows of our other services. */
  readonly now: () => Date;
  /** UUIDv7: primary keys grow at the end of the index. */
  readonly newId: () => string = randomUUIDv7;

  constructor(database: Database) {
    this.now = () => database.clock.now();
  }
}
