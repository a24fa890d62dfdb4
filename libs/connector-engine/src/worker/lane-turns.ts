import { setTimeout as sleep } from 'node:timers/promises';
import { type FormCapabilities, laneOf } from '@sluice/connector-rules';
import { type Logger, monotonicMs } from '@sluice/runtime';
import type { DueOrder, PeekRow } from '../queue/due-order.js';
import type { RatePlan } from '../rate/rate-plan.js';

export interface OccupiedLane {
  readonly lane: string;
  readonly until: string;
}

/** A turn before this begins now. */
export const AT_ONCE_MS = 1;

/** Turns of the lanes of a form, and of its narrow endpoints. */
export class LaneTurns {
  constructor(
    private readonly form: FormCapabilities,
    private readonly ratePlan: RatePlan,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  get areReserved(): boolean {
    return this.form.lanes !== undefined || this.ratePlan.isNarrow(this.form.submitEndpoint);
  }

  /** Returns the orders with a free lane. In the other lanes another instance was faster. */
  async free<Ready extends { readonly order: Pick<DueOrder, 'asset'> }>(
    ready: readonly Ready[],
    signal: AbortSignal,
  ): Promise<readonly Ready[]> {
    if (this.form.lanes === undefined) return ready;
    const free: Ready[] = [];
    for (const one of ready) {
      const lane = laneOf(this.form, one.order.asset);
      const { count, startsInMs } = await this.ratePlan.reserve(lane, 1);
      if (count === 0) continue;
      if (startsInMs >= AT_ONCE_MS) await sleep(startsInMs, undefined, { signal });
      free.push(one);
    }
    return free;
  }

  /**
   * Reserves narrow lanes until the answer: a venue counts a call from its processing. Returns the
   * lanes by withdrawal.
   */
  async occupy(orders: readonly DueOrder[], longestMs: number): Promise<Map<string, OccupiedLane>> {
    const lanes = new Map<string, OccupiedLane>();
    for (const order of orders) {
      const lane =
        this.form.lanes === undefined ? this.form.submitEndpoint : laneOf(this.form, order.asset);
      if (this.ratePlan.isNarrow(lane))
        lanes.set(order.withdrawalId, {
          lane,
          until: await this.ratePlan.occupy(lane, longestMs),
        });
    }
    return lanes;
  }

  /** If the update fails, the lane becomes free at the end of the lease term. */
  async vacate({ lane, until }: OccupiedLane): Promise<void> {
    await this.ratePlan
      .vacate(lane, until)
      .catch((error: unknown) =>
        this.logger.warn(
          { err: error, lane },
          'a lane could not be released and remains occupied until its lease ends',
        ),
      );
  }
}

/** Due submissions of a form as of a transaction that stored orders. */
export interface PeekedOrders {
  readonly rows: readonly PeekRow[];
  readonly limit: number;
  readonly rounds: number;
  readonly atMs: number;
}

/** Age after which orders are peeked again. */
const OFFERED_FOR_MS = 500;

/** Orders peeked in the transaction that stored them. The claim judges every order again. */
export class OfferedOrders {
  private rounds = 0;
  private isInRound = false;
  private offered: PeekedOrders | null = null;

  constructor(private readonly now: () => number = monotonicMs) {}

  async round<T>(work: () => Promise<T>): Promise<T> {
    this.isInRound = true;
    try {
      return await work();
    } finally {
      this.isInRound = false;
      this.rounds += 1;
    }
  }

  /** Peeks in a transaction. Null during a round, which may claim the same orders. */
  async peek(limit: number, rows: () => Promise<readonly PeekRow[]>): Promise<PeekedOrders | null> {
    if (this.isInRound) return null;
    const [rounds, atMs] = [this.rounds, this.now()];
    return { rows: await rows(), limit, rounds, atMs };
  }

  /** Must be called after the commit of the transaction; null withdraws an earlier offer. */
  offer(peeked: PeekedOrders | null): void {
    this.offered = peeked;
  }

  /** Takes the offer, unless a round has claimed orders since. */
  take(capacity: number): PeekedOrders | null {
    const { offered } = this;
    this.offered = null;
    const isCurrent =
      offered?.rounds === this.rounds &&
      offered.limit <= capacity &&
      this.now() - offered.atMs < OFFERED_FOR_MS;
    return isCurrent ? offered : null;
  }
}

/** An order whose request cannot be prepared now. */
export interface Postponed {
  readonly id: string;
  readonly pauseMs: number;
  readonly cause: string;
}

interface PostponedGroup extends Pick<Postponed, 'pauseMs' | 'cause'> {
  readonly ids: readonly string[];
}

export function groupedByCause(later: readonly Postponed[]): PostponedGroup[] {
  const groups = Map.groupBy(later, ({ pauseMs, cause }) => `${pauseMs} ${cause}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, ids: group.map(({ id }) => id) }];
  });
}
