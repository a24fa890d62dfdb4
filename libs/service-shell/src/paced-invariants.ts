import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import { readInvariants, rowsThatBreak, type Invariant, type Queryable } from '@sluice/postgres';
import type { Violations } from './invariant-watch.js';
import { PLATFORM_INVARIANTS } from './platform-invariants.js';

/** Looks that took a second together are not taken again for so many: looking costs at most a twenty-fifth of one connection's time, however large the tables are. */
const REST_FACTOR = 50;
/** After a query so many times what it took, so that a look leaves the processor to whoever waits for an answer; nothing after a short one. */
const PAUSE = { factor: 3, leastMs: 20, mostMs: 1_000 };
/** More than what is shown: a row that a person has looked at hides no new one. */
const MOST_ROWS = 1_000;

export interface WatchedInvariants {
  readonly folders: readonly URL[];
  /** Tables that grow, and the condition of their newest rows, which are looked at in between. */
  readonly newest: Readonly<Record<string, string>>;
}

type Rows = readonly object[];

/** How long looks at all rows, or at the newest, took the last time. */
class Pace {
  private readonly tookMs = new Map<string, number>();

  /** Notes a look that began then; answers when it is due again. */
  next(invariant: string, begunAt: number): number {
    this.tookMs.set(invariant, monotonicMs() - begunAt);
    return begunAt + REST_FACTOR * [...this.tookMs.values()].reduce((sum, ms) => sum + ms, 0);
  }
}

/** One invariant: over all rows as often as that is cheap, and over the newest in between. */
class PacedInvariant {
  private wholeDueAt = 0;
  private newestDueAt = 0;
  /** What the last look over all rows has found. */
  private rows: Rows = [];

  constructor(
    private readonly invariant: Invariant,
    private readonly newest: WatchedInvariants['newest'],
    private readonly paces: { readonly whole: Pace; readonly newest: Pace },
  ) {}

  get name(): string {
    return this.invariant.name;
  }

  async look(database: Queryable): Promise<Rows> {
    const begunAt = monotonicMs();
    if (begunAt >= this.wholeDueAt) {
      try {
        return (this.rows = await rowsThatBreak(database, this.invariant, { rows: MOST_ROWS }));
      } finally {
        this.wholeDueAt = this.paces.whole.next(this.name, begunAt);
      }
    }
    if (begunAt < this.newestDueAt) return this.rows;
    try {
      const options = { rows: MOST_ROWS, only: this.newest };
      return union(this.rows, await rowsThatBreak(database, this.invariant, options));
    } finally {
      this.newestDueAt = this.paces.newest.next(this.name, begunAt);
    }
  }
}

/** What a service and the platform's tables in its database must hold, at a pace that no table's size makes a burden. */
export class PacedInvariants {
  private readonly invariants: readonly PacedInvariant[];

  constructor({ folders, newest }: WatchedInvariants) {
    const paces = { whole: new Pace(), newest: new Pace() };
    this.invariants = readInvariants(...folders, PLATFORM_INVARIANTS).map(
      (invariant) => new PacedInvariant(invariant, newest, paces),
    );
  }

  async look(database: Queryable, signal?: AbortSignal): Promise<Violations> {
    const violations: { invariant: string; rows: Rows }[] = [];
    for (const invariant of this.invariants) {
      const begunAt = monotonicMs();
      const rows = await invariant.look(database);
      if (rows.length > 0) violations.push({ invariant: invariant.name, rows });
      const pauseMs = Math.min(PAUSE.factor * (monotonicMs() - begunAt), PAUSE.mostMs);
      if (pauseMs >= PAUSE.leastMs) await sleep(pauseMs, undefined, { ...(signal && { signal }) });
    }
    return violations;
  }
}

function union(known: Rows, fresh: Rows): Rows {
  const seen = new Set(known.map((row) => JSON.stringify(row)));
  return [...known, ...fresh.filter((row) => !seen.has(JSON.stringify(row)))];
}
