import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { RecordReader } from '../record/record-reader.js';
import { SendGate } from '../worker/send-gate.js';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import { SettleRestored } from './settle-restored.js';

const FAULT =
  'the database went back: nothing is sent before the record of the venue is read again';

/**
 * Handles a database gone back under a running process, in the same way as a start on a restored
 * database. Every order unsent according to the database is looked up first and waits for a request
 * by intake-api. Requests known by this process as sent are restored. Both are committed before
 * this process uses any other connection to the database.
 */
@Injectable()
export class RestoredDatabase {
  constructor(
    private readonly database: Database,
    private readonly gate: SendGate,
    private readonly record: RecordReader,
    private readonly workers: SubmissionWorkers,
    private readonly rows: SettleRestored,
  ) {}

  /** Must be called before any send. */
  watch(): void {
    this.record.whenThrough(() => this.workers.start());
    this.database.continuity.listen({
      noticed: () => this.close(),
      settle: (client) => this.rows.settle(client),
    });
  }

  private close(): void {
    this.gate.restoreFault = FAULT;
    const { generation } = this.database.continuity;
    this.record.readAgain(() => {
      // the database has gone back again
      if (generation !== this.database.continuity.generation) return;
      this.gate.restoreFault = null;
      this.workers.wake();
    });
  }
}
