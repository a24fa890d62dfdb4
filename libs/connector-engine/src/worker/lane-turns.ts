import { setTimeout as sleep } from 'node:timers/promises';
import { type FormCapabilities, laneOf } from '@sluice/connector-rules';
import type { Logger } from '@sluice/runtime';
import type { DueOrder } from '../queue/due-order.js';
import { AT_ONCE_MS, type RatePlan } from '../rate/rate-plan.js';

export interface OccupiedLane {
  readonly lane: string;
  readonly until: string;
}

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
