import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/runtime';
import { readInvariants, rowsThatBreak, type Invariant, type Queryable } from '@sluice/postgres';
import type { Violations } from './invariant-watch.js';
import { PLATFORM_INVARIANTS } from './platform-invariants.js';

/** Repeated after 50 times its duration: all checks use at most 1/25 of a connection. */
const REST_FACTOR = 50;
/** After a query: 3 times its duration, at most 1 s, for waiting clients; below 20 ms none. */
const PAUSE = { factor: 3, leastMs: 20, mostMs: 1_000 };
/** No further full check of a run begins after this; the next run has the rest. */
const WHOLE_FOR_MS = 10_000;
/** Above the number displayed: a known row must not hide a new one. */
const MOST_ROWS = 1_000;

interface WatchedInvariants {
  readonly folders: readonly URL[];
  /** Growing tables, with the condition for the newest rows, checked between full checks. */
  readonly newest: Readonly<Record<string, string>>;
}

type Rows = readonly object[];

/** Durations of the last full checks, or of the last checks of the newest rows. */
class Pace {
  private readonly tookMs = new Map<string, number>();

  /** Records a check started at `begunAt`. Returns the time of the next check. */
  next(invariant: string, begunAt: number): number {
    this.tookMs.set(invariant, monotonicMs() - begunAt);
    return begunAt + REST_FACTOR * [...this.tookMs.values()].reduce((sum, ms) => sum + ms, 0);
  }
}

/** One invariant, over all rows as often as affordable, over the newest in between. */
class PacedInvariant {
  private wholeDueAt = 0;
  private newestDueAt = 0;
  /** Result of the last full check. */
  private rows: Rows = [];

  constructor(
    private readonly invariant: Invariant,
    private readonly newest: WatchedInvariants['newest'],
    private readonly paces: { readonly whole: Pace; readonly newest: Pace },
  ) {}

  get name(): string {
    return this.invariant.name;
  }

  /** Begins no full check after `wholeUntil`. */
  async look(database: Queryable, wholeUntil: number): Promise<Rows> {
    const begunAt = monotonicMs();
    if (begunAt >= this.wholeDueAt && begunAt <= wholeUntil) {
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

/** Invariants of service and platform tables, at a pace without noticeable load. */
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
    const wholeUntil = monotonicMs() + WHOLE_FOR_MS;
    for (const invariant of this.invariants) {
      const begunAt = monotonicMs();
      const rows = await invariant.look(database, wholeUntil);
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
