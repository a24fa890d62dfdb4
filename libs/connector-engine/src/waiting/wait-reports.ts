import { Injectable } from '@nestjs/common';
import type { WaitKind } from '@sluice/connector-rules';
import { UnitOfWork } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { WorkerLeases, type WorkerLease } from '../loops/worker-lease.js';
import { EventWriter } from '../wire/event-writer.js';
import type { WaitingOrder } from './waiting-causes.js';

/** A cause that changes more often is reported once in this time. */
const AGAIN_MS = 60_000;

interface Reported {
  readonly kind: WaitKind;
  readonly atMs: number;
}

/**
 * Reports to intake-api what holds each order, for the customer's timeline. One instance reports. A
 * restart reports each order once more.
 */
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
