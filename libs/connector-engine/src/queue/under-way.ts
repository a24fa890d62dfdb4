import { Injectable } from '@nestjs/common';
import { monotonicMs } from '@sluice/clock';
import { Database } from '@sluice/postgres';

const LOOK_AGAIN_MS = 1_000;

/** Each as the predicate of an index, so that the answer costs the same however many have ended. */
const UNFINISHED = [
  "state = 'prepared'",
  "state IN ('sending','repeating')",
  "state = 'refusing'",
  "state IN ('unknown','undecided')",
  "state = 'accepted'",
];

const ANY = `SELECT ${UNFINISHED.map((is) => `EXISTS (SELECT FROM submission WHERE ${is})`).join(' OR ')} AS any`;

/**
 * Whether any submission has not ended. While none has, the loops that look for work ask for nothing else: a connector at rest would else put
 * some dozens of questions a second. What another instance has begun is known within a second; what this one begins, at once.
 */
@Injectable()
export class UnderWay {
  private answer = true;
  private answeredAt = -Infinity;
  private begins = 0;
  private asking: Promise<boolean> | null = null;

  constructor(private readonly database: Database) {}

  /** Something was stored here that has not ended. */
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
    if (begins === this.begins) this.keep(row?.any !== false); // what began meanwhile may not be in the answer
    return this.answer;
  }

  private keep(answer: boolean): void {
    [this.answer, this.answeredAt] = [answer, monotonicMs()];
  }
}
