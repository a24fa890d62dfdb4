import { monotonicMs } from '@sluice/clock';
import { readInvariants, rowsThatBreak, type Invariant, type Queryable } from '@sluice/postgres';
import type { Violations } from './invariant-watch.js';
import { PLATFORM_INVARIANTS } from './platform-invariants.js';

/** A look that took a second is not taken again for so many: looking costs at most two hundredths of one connection's time, however large the tables are. */
const REST_FACTOR = 50;
/** More than what is shown: a row that a person has looked at hides no new one. */
const MOST_ROWS = 1_000;

export interface WatchedInvariants {
  readonly folders: readonly URL[];
  /** Tables that grow, and the condition of their newest rows, which are looked at in between. */
  readonly newest: Readonly<Record<string, string>>;
}

type Rows = readonly object[];

/** One invariant: over all rows as often as that is cheap, and over the newest in between. */
class PacedInvariant {
  private wholeDueAt = 0;
  private newestDueAt = 0;
  /** What the last look over all rows has found. */
  private rows: Rows = [];

  constructor(
    private readonly invariant: Invariant,
    private readonly newest: WatchedInvariants['newest'],
  ) {}

  get name(): string {
    return this.invariant.name;
  }

  async look(database: Queryable): Promise<Rows> {
    const begunAt = monotonicMs();
    const restUntil = () => begunAt + REST_FACTOR * (monotonicMs() - begunAt);
    if (begunAt >= this.wholeDueAt) {
      try {
        return (this.rows = await rowsThatBreak(database, this.invariant, { rows: MOST_ROWS }));
      } finally {
        this.wholeDueAt = restUntil();
      }
    }
    if (begunAt < this.newestDueAt) return this.rows;
    try {
      const options = { rows: MOST_ROWS, only: this.newest };
      return union(this.rows, await rowsThatBreak(database, this.invariant, options));
    } finally {
      this.newestDueAt = restUntil();
    }
  }
}

/** What a service and the platform's tables in its database must hold, at a pace that no table's size makes a burden. */
export class PacedInvariants {
  private readonly invariants: readonly PacedInvariant[];

  constructor({ folders, newest }: WatchedInvariants) {
    this.invariants = readInvariants(...folders, PLATFORM_INVARIANTS).map(
      (invariant) => new PacedInvariant(invariant, newest),
    );
  }

  async look(database: Queryable): Promise<Violations> {
    const violations: { invariant: string; rows: Rows }[] = [];
    for (const invariant of this.invariants) {
      const rows = await invariant.look(database);
      if (rows.length > 0) violations.push({ invariant: invariant.name, rows });
    }
    return violations;
  }
}

function union(known: Rows, fresh: Rows): Rows {
  const seen = new Set(known.map((row) => JSON.stringify(row)));
  return [...known, ...fresh.filter((row) => !seen.has(JSON.stringify(row)))];
}
