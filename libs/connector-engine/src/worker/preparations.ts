import { setImmediate as immediate } from 'node:timers/promises';
import type { VenueAdapter } from '@sluice/connector-rules';
import type { DueOrder, NewOrder } from '../queue/due-order.js';
import type { RefusedOrder } from '../queue/outcomes.js';
import type { Ready, SubmissionQueue } from '../queue/submission-queue.js';
import type { ClosedAssets } from './obstacles.js';
import type { OutcomeCommitter } from './outcome-committer.js';

interface Parties {
  readonly adapter: Pick<VenueAdapter, 'prepare'>;
  readonly queue: Pick<SubmissionQueue, 'postpone'>;
  readonly committer: Pick<OutcomeCommitter, 'refuse'>;
}

/** Fixes the requests of orders before their intents are stored. */
export class Preparations {
  private readonly adapter: Parties['adapter'];
  private readonly queue: Parties['queue'];
  private readonly committer: Parties['committer'];

  constructor(
    { adapter, queue, committer }: Parties,
    private readonly closed: Pick<ClosedAssets, 'refusalOf'>,
  ) {
    this.adapter = adapter;
    this.queue = queue;
    this.committer = committer;
  }

  /** Prepares requests without waiting: an adapter that asks its venue first is asked again later. */
  async readyNow(orders: readonly NewOrder[]): Promise<Ready[]> {
    const later = immediate(null);
    const prepared = await Promise.all(
      orders.map(async (order) => {
        if (this.closed.refusalOf(order) !== null) return [];
        const preparing = this.adapter.prepare(order).catch(() => null);
        const preparation = await Promise.race([preparing, later]);
        return preparation?.kind === 'ready' ? [{ order, request: preparation.request }] : [];
      }),
    );
    return prepared.flat();
  }

  /** Returns the orders that may be sent. Refuses orders never payable, and postpones the others. */
  async readyOf(due: readonly DueOrder[]): Promise<Ready<DueOrder>[]> {
    const prepared = await Promise.all(
      due.map(async (order) => ({
        order,
        preparation: this.closed.refusalOf(order) ?? (await this.adapter.prepare(order)),
      })),
    );
    const ready: Ready<DueOrder>[] = [];
    const refused: RefusedOrder[] = [];
    const later: Postponed[] = [];
    for (const { order, preparation } of prepared) {
      if (preparation.kind === 'ready') ready.push({ order, request: preparation.request });
      else if (preparation.kind === 'refused')
        refused.push({
          withdrawalId: order.withdrawalId,
          reason: preparation.reason,
          message: preparation.message,
        });
      else {
        const { retryAfterMs: pauseMs, cause } = preparation;
        later.push({ id: order.withdrawalId, pauseMs, cause });
      }
    }
    if (refused.length > 0) await this.committer.refuse(refused);
    for (const { ids, pauseMs, cause } of groupedByCause(later))
      await this.queue.postpone(ids, pauseMs, cause);
    return ready;
  }
}

/** An order whose request cannot be prepared now. */
interface Postponed {
  readonly id: string;
  readonly pauseMs: number;
  readonly cause: string;
}

interface PostponedGroup extends Pick<Postponed, 'pauseMs' | 'cause'> {
  readonly ids: readonly string[];
}

function groupedByCause(later: readonly Postponed[]): PostponedGroup[] {
  const groups = Map.groupBy(later, ({ pauseMs, cause }) => `${pauseMs} ${cause}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, ids: group.map(({ id }) => id) }];
  });
}
