import { monotonicMs } from '@sluice/runtime';
import { newSumsSql } from '../ceilings/ceilings.js';

/** State of the numbering before a claim. */
export interface Numbering {
  readonly last: number;
  readonly sweptTo: number;
  /** Missing numbers among the newest. */
  readonly missing: readonly number[];
}

/** Difference between the stored attempts and the numbers known by this process. */
export interface NumberingFault {
  /** The same for the same difference. */
  readonly subject: string;
  readonly details: string;
}

/** The numbering of the attempts is broken: the claim is rolled back. */
export class AttemptsMissingError extends Error {
  override readonly name = 'AttemptsMissingError';

  constructor(
    readonly fault: NumberingFault,
    readonly missing: readonly number[],
  ) {
    super(fault.details);
  }
}

const DAY_MS = 86_400_000;

/** Attempts seen by this process. Their numbers have no gaps, and the counter only rises. */
export class AttemptNumbers {
  private generation = 0;
  /** Highest number with an acknowledged commit; null before the first claim. */
  private highest: number | null = null;
  /** No number above this is swept. */
  private sweptAtMost = Infinity;
  private sample = { atMs: 0, last: 0 };
  private readonly accepted = new Set<number>();

  constructor(private readonly now: () => number = monotonicMs) {}

  /** Must be read before the statement whose numbering is checked. */
  known(generation: number): number {
    if (generation !== this.generation) this.startAnew(generation);
    return this.highest ?? 0;
  }

  /** `known`: highest number known before the statement. A null `numbering` is a missing counter. */
  fault(numbering: Numbering | null, known: number): NumberingFault | null {
    if (numbering === null)
      return { subject: 'counter', details: 'the counter of the attempts is missing' };
    const { last, sweptTo } = numbering;
    if (last < known)
      return {
        subject: `last ${last}`,
        details: `the newest attempt has the number ${last}, and was ${known} before: attempts were removed or put back`,
      };
    this.follow(numbering);
    if (sweptTo > this.sweptAtMost)
      return {
        subject: `removed ${sweptTo}`,
        details: `attempts up to number ${sweptTo} were removed, although attempts above ${this.sweptAtMost} are younger than any retention`,
      };
    const missing = numbering.missing.filter((number) => !this.accepted.has(number));
    const [first] = missing;
    if (first === undefined) return null;
    const end = missing.at(-1) ?? first;
    return {
      subject: `missing ${first} to ${end}`,
      details: `${missing.length} attempts between the numbers ${first} and ${end} were removed`,
    };
  }

  /** Must be called after the commit of a claim with its highest number. */
  committed(number: number): void {
    this.highest = Math.max(this.highest ?? 0, number);
  }

  /** Must be called once the difference has its halt: the lift of the halt accepts it. */
  reported(missing: readonly number[]): void {
    this.startAnew(this.generation);
    for (const number of missing) this.accepted.add(number);
  }

  private startAnew(generation: number): void {
    this.generation = generation;
    this.highest = null;
    this.sweptAtMost = Infinity;
  }

  private follow({ last, sweptTo }: Numbering): void {
    this.highest = Math.max(this.highest ?? 0, last);
    if (this.sweptAtMost === Infinity) {
      this.sweptAtMost = Math.max(last, sweptTo);
      this.sample = { atMs: this.now(), last };
    }
    if (this.now() - this.sample.atMs < DAY_MS) return;
    this.sweptAtMost = this.sample.last;
    this.sample = { atMs: this.now(), last };
  }
}

/** Number of newest attempts compared with the counter by each claim, and by each heartbeat. */
const COMPARED = { byClaim: 256, byHeartbeat: 10_000, sealsByHeartbeat: 500 };

/** Locks the row that every claim changes. */
export const LOCKED_SENDING = `
  locked AS MATERIALIZED (SELECT last, sums FROM sending FOR UPDATE)`;

/**
 * Number of the next attempt in a CTE `numbered`, which has a row for each attempt that begins.
 * Null without a counter: no attempt is stored without a number.
 */
export const nextNumber = (orderSql: string): string =>
  `(SELECT last FROM locked) + row_number() OVER (${orderSql})`;

/**
 * Counts the attempts of `begunSql`, and adds the amounts of `countedSql` to the sums of their
 * assets. Reads `locked`. No row if an attempt of `numbered` did not begin: the numbers would have
 * a gap.
 */
export const countAttempts = (begunSql: string, countedSql: string): string => `
  counter AS (
    UPDATE sending c SET last = c.last + n.count, sums = c.sums || coalesce(n.sums, '{}')
      FROM (SELECT (SELECT count(*) FROM ${begunSql}) AS count, (${newSumsSql(countedSql)}) AS sums) n
     WHERE n.count > 0 AND n.count = (SELECT count(serial_number) FROM numbered)
    RETURNING c.last - n.count AS before)`;

/** Counter before the statement, with the missing numbers among the newest (null: none). */
function numbering(compared: number): string {
  const after = `greatest(c.last - ${compared}, c.swept_to)`;
  return `
    SELECT c.last, c.swept_to,
           CASE WHEN (SELECT count(*) FROM attempt a WHERE a.serial_number > ${after} AND a.serial_number <= c.last) < c.last - ${after}
                THEN ARRAY(SELECT n FROM generate_series(${after} + 1, c.last) n WHERE NOT EXISTS (SELECT FROM attempt a WHERE a.serial_number = n) ORDER BY n LIMIT 1000)
           END AS missing
      FROM sending c`;
}

export const NUMBERING = numbering(COMPARED.byClaim);

/** Newest attempts with their seals. A hand-over changes the withdrawal of a sealed attempt. */
const NEWEST_SEALS = `
  SELECT a.withdrawal_id, a.number, a.request, a.request_seal, a.serial_number::float8 AS serial_number FROM attempt a
   WHERE a.serial_number > (SELECT last - ${COMPARED.sealsByHeartbeat} FROM sending)
     AND NOT EXISTS (SELECT FROM submission_case c WHERE c.withdrawal_id = a.withdrawal_id AND c.kind = 'handed_over')`;

/** The numbering (null: the counter is missing) and the newest sealed attempts, in one row. */
export const READ_ATTEMPTS = `
  SELECT (SELECT row_to_json(n) FROM (${numbering(COMPARED.byHeartbeat)}) n) AS numbering,
         (SELECT coalesce(json_agg(a), '[]') FROM (${NEWEST_SEALS}) a) AS sealed`;
