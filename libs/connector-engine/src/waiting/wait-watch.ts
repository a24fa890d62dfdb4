import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { awaitedText, WAIT_KINDS, type WaitKind } from '@sluice/connector-rules';
import { UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop, causeOf, FaultLog, type Logger, monotonicMs } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { UnderWay } from '../loops/under-way.js';
import { type WorkerLease, WorkerLeases } from '../loops/worker-lease.js';
import { EventWriter } from '../wire/event-writer.js';
import { SendFaults, WaitingCauses, type WaitingOrder } from './waiting-causes.js';

const AGAIN_MS = 60_000;

interface Reported {
  readonly kind: WaitKind;
  readonly atMs: number;
}

/** Reports what holds each order to intake-api, by one instance; once more after a restart. */
@Injectable()
export class WaitReports {
  private reported: ReadonlyMap<string, Reported> = new Map();
  private readonly lease: WorkerLease;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    leases: WorkerLeases,
  ) {
    this.lease = leases.named('reports of waiting');
  }

  /** `orders`: all that wait now. An order in the queue alone is reported only after another cause. */
  async report(orders: readonly WaitingOrder[]): Promise<void> {
    if (orders.length === 0 || !(await this.lease.held())) return void (this.reported = new Map());
    const atMs = monotonicMs();
    const due = orders.filter((order) => this.isDue(order, atMs));
    if (due.length > 0)
      await this.unitOfWork.run((tx) => {
        const messages = due.map(({ withdrawalId, digest, causes }) =>
          this.events.waits({ withdrawal_id: withdrawalId, digest }, kindOf(causes)),
        );
        tx.publish(...messages);
        return Promise.resolve();
      });
    const now = new Map<string, Reported>(
      due.map(({ withdrawalId, causes }) => [withdrawalId, { kind: kindOf(causes), atMs }]),
    );
    const kept = orders.flatMap(({ withdrawalId }): [string, Reported][] => {
      const reported = now.get(withdrawalId) ?? this.reported.get(withdrawalId);
      return reported ? [[withdrawalId, reported]] : [];
    });
    this.reported = new Map(kept);
  }

  private isDue({ withdrawalId, causes }: WaitingOrder, atMs: number): boolean {
    const before = this.reported.get(withdrawalId);
    if (!before) return kindOf(causes) !== 'queue';
    return before.kind !== kindOf(causes) && atMs - before.atMs >= AGAIN_MS;
  }
}

function kindOf(causes: WaitingOrder['causes']): WaitKind {
  return causes[0]?.kind ?? 'queue';
}

const LOOK_MS = 10_000;
/** An order sent within this time did not wait. */
const WAITS_AFTER_MS = 10_000;
const AT_ONCE = 1_000;

const waiting = new Gauge({
  name: 'sluice_orders_waiting',
  help: 'Orders not sent to the venue for 10 seconds, by what holds them now; at most 1,000 are counted',
  labelNames: ['cause'],
});

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

export const WAITING_PROVIDERS = [SendFaults, WaitReports, WaitingCauses] as const;
