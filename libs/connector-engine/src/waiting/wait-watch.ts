import { Inject, Injectable } from '@nestjs/common';
import { awaitedText, WAIT_KINDS, type WaitKind } from '@sluice/connector-rules';
import { BackgroundLoop, causeOf, FaultLog, type Logger } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { Gauge } from 'prom-client';
import { UnderWay } from '../loops/under-way.js';
import { WaitReports } from './wait-reports.js';
import { WaitingCauses } from './waiting-causes.js';

const LOOK_MS = 10_000;
/** An order sent within this time did not wait. */
const WAITS_AFTER_MS = 10_000;
const AT_ONCE = 1_000;

const waiting = new Gauge({
  name: 'sluice_orders_waiting',
  help: 'Orders not sent to the venue for 10 seconds, by what holds them now; at most 1,000 are counted',
  labelNames: ['cause'],
});

/** Counts the orders that wait, by cause, and logs each cause once per minute. */
@Injectable()
export class WaitWatch {
  readonly loop: BackgroundLoop;
  private readonly log: FaultLog;

  constructor(
    private readonly underWay: UnderWay,
    private readonly causes: WaitingCauses,
    @Inject(WaitReports) private readonly reports: Pick<WaitReports, 'report'>,
    @InjectLogger() logger: Logger,
  ) {
    this.log = new FaultLog(logger);
    this.loop = BackgroundLoop.every(LOOK_MS, 'causes of waiting', logger, () => this.look());
  }

  async look(): Promise<void> {
    const orders = (await this.underWay.any())
      ? await this.causes.waiting(WAITS_AFTER_MS, AT_ONCE)
      : [];
    const byKind = Map.groupBy(orders, ({ causes }): WaitKind => causes[0]?.kind ?? 'queue');
    for (const kind of WAIT_KINDS) waiting.set({ cause: kind }, byKind.get(kind)?.length ?? 0);
    const held = orders.filter(({ causes }) => causes[0]?.kind !== 'queue');
    const byCause = Map.groupBy(held, ({ causes }) => causeOf(awaitedText(causes.slice(0, 1))));
    for (const [cause, group] of byCause) {
      const [first] = group;
      if (!first) continue;
      const awaited = awaitedText(first.causes);
      const fields = { orders: group.length, withdrawalId: first.withdrawalId, awaited };
      this.log.warn(cause, fields, 'orders wait and are not sent to the venue');
    }
    await this.reports.report(orders);
  }
}
