import { monotonicMs } from '@sluice/runtime';
import type { PeekRow } from '../queue/due-order.js';

/** Due submissions of a form as of a transaction that stored orders. */
export interface PeekedOrders {
  readonly rows: readonly PeekRow[];
  readonly limit: number;
  /** Number of rounds of the worker before the transaction's query. */
  readonly rounds: number;
  readonly atMs: number;
}

/** Age after which orders are peeked again. */
const OFFERED_FOR_MS = 500;

/**
 * Orders peeked in the transaction that stored them: the worker's next round needs no query of its
 * own. The claim judges every order again, as after any other peek.
 */
export class OfferedOrders {
  private rounds = 0;
  private isInRound = false;
  private offered: PeekedOrders | null = null;

  constructor(private readonly now: () => number = monotonicMs) {}

  /** Runs a round: the worker peeks and claims. */
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
