import { Injectable } from '@nestjs/common';
import { monotonicMs } from '@sluice/runtime';
import { Database } from '@sluice/postgres';

const LOOK_AGAIN_MS = 1_000;

/**
 * Predicates of indexes: the cost of the query does not depend on the number of ended submissions.
 */
const UNFINISHED = [
  "state = 'prepared'",
  "state IN ('sending','repeating')",
  "state = 'refusing'",
  "state IN ('unknown','undecided')",
  "state = 'accepted'",
];

const ANY = `SELECT ${UNFINISHED.map((is) => `EXISTS (SELECT FROM submission WHERE ${is})`).join(' OR ')} AS any`;

/**
 * Knows if any submission is unfinished. While none is, the polling loops run no other query: an
 * idle connector would otherwise run dozens of queries per second. Submissions begun by another
 * instance are known within a second, own submissions at once.
 */
@Injectable()
export class UnderWay {
  private answer = true;
  private answeredAt = -Infinity;
  private begins = 0;
  private asking: Promise<boolean> | null = null;

  constructor(private readonly database: Database) {}

  /** Records the start of an unfinished submission by this instance. */
  begun(): void {
    this.begins += 1;
    this.keep(true);
  }

  async any(): Promise<boolean> {
    if (monotonicMs() - this.answeredAt < LOOK_AGAIN_MS) return this.answer;
    this.asking ??= this.ask().finally(() => (this.asking = null));
    return this.asking;
  }

  private async ask(): Promise<boolean> {
    const { begins } = this;
    const [row] = await this.database.query<{ any: boolean }>(ANY, []);
    // the query may have missed a submission begun in the meantime
    if (begins === this.begins) this.keep(row?.any !== false);
    return this.answer;
  }

  private keep(answer: boolean): void {
    [this.answer, this.answeredAt] = [answer, monotonicMs()];
  }
}
