import { Injectable } from '@nestjs/common';
import { causeOf, FaultLog, type BackgroundLoop, type Logger, monotonicMs } from '@sluice/runtime';
import { type Check, InjectConfig, InjectLogger } from '@sluice/service-shell';
import { REFUSED_AGAIN, SubmissionLoops } from '../loops/submission-loops.js';
import type { WorkerLease } from '../loops/worker-lease.js';
import { ReadRecords } from './read-records.js';
import { UnclaimedReport } from './unclaimed-report.js';

const AGAIN_MS = 2_000;
/** A reading that began before every question answers none. */
const NO_ANSWER = -Infinity;

/**
 * Reads the venue's records at start and regularly, and compares them with the submissions. The
 * first complete reading permits the first send.
 */
@Injectable()
export class RecordReader {
  readonly loop: BackgroundLoop;
  private readonly faults: FaultLog;
  /** Requested readings: at start, and after each discontinuity of the database. */
  private wanted = 1;
  private read = 0;
  private readonly afterwards: (() => void)[] = [];
  private cause = 'it is being read';
  private readonly check: Check;

  constructor(
    private readonly records: ReadRecords,
    private readonly unclaimed: UnclaimedReport,
    loops: SubmissionLoops,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly options: { readonly recordIntervalMs: number },
  ) {
    this.faults = new FaultLog(logger);
    const { recordIntervalMs: intervalMs } = options;
    this.check = loops.check('venue record', intervalMs);
    this.loop = loops.leased(
      { name: 'reading the record', lease: 'record', longestRefusalMs: intervalMs / 2 },
      (lease) => this.step(lease),
    );
    unclaimed.onQuestion(() => this.loop.wake());
  }

  /** True after a reading since the start and the last discontinuity. No payment is sent before. */
  get isThrough(): boolean {
    return this.read === this.wanted;
  }

  /** Must be called before the loop starts. */
  whenThrough(afterwards: () => void): void {
    this.afterwards.push(afterwards);
  }

  /** Called when the database has gone back: the records are read before any further send. */
  readAgain(afterwards: () => void): void {
    this.wanted += 1;
    this.cause = 'the database went back, and it is being read again';
    this.afterwards.push(afterwards);
    this.loop.wake();
  }

  /** Reason for not sending before the first reading; null once the reading is complete. */
  fault(): string | null {
    return this.isThrough ? null : `the record of the venue is not read through yet: ${this.cause}`;
  }

  private async step(lease: WorkerLease): Promise<number> {
    const { wanted } = this;
    const begunAt = monotonicMs();
    const isAsked = this.unclaimed.dueInMs() === 0;
    const unread = await this.records.unread();
    if (this.isThrough && !isAsked && !(await lease.held()))
      return Math.min(this.restMs(), REFUSED_AGAIN * this.options.recordIntervalMs);
    const read = await this.records.read(
      () => !this.isThrough,
      () => this.check.attempted(),
    );
    if (read.kind === 'no_recipient') {
      this.check.completed();
      this.cause = 'it is listed by recipient, and no order has named one';
      return this.isThrough ? this.restMs() : AGAIN_MS;
    }
    if (read.kind === 'unavailable') {
      this.cause = read.cause;
      this.faults.warn(
        `${read.form} ${causeOf(read.cause)}`,
        { form: read.form, cause: read.cause, nothingIsSent: !this.isThrough },
        'the record of the venue could not be read',
      );
      this.check.attempted(read.retryAfterMs);
      return Math.max(AGAIN_MS, read.retryAfterMs);
    }
    this.check.completed();
    await this.unclaimed.report(unread === null ? begunAt : NO_ANSWER);
    this.end(wanted);
    if (isAsked && unread !== null) {
      this.logger.warn({ cause: unread }, 'the record that intake-api waits for could not be read');
      return AGAIN_MS;
    }
    return this.isThrough ? this.restMs() : 0;
  }

  /** Milliseconds until the next reading, or until an answer to intake-api is due. */
  private restMs(): number {
    return Math.max(Math.min(this.options.recordIntervalMs, this.unclaimed.dueInMs()), 1);
  }

  /** Ignores a reading begun before the last discontinuity of the database. */
  private end(reading: number): void {
    if (this.isThrough || reading !== this.wanted) return;
    this.read = reading;
    this.logger.info({}, 'the record of the venue was read to its end: no order waits for it');
    for (const act of this.afterwards.splice(0)) act();
  }
}
