import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import type { IntakeConfig } from '../../settings/intake-settings.js';
import { OrderAuthority } from '../../orders/order-authority.js';
import { NO_HOLDS } from '../restored/order-holds.js';
import { RestoreGuard } from '../restored/restore-guard.js';
import { lockWithdrawals } from '../../rows/withdrawal-store.js';
import type { BatchChanges } from './batch-changes.js';
import type { InboundEvent } from './inbound-event.js';
import { mayGiveOrder } from './may-give-order.js';
import { claimEvents, withoutRecordedBroadcasts } from './repeated-events.js';
import { refuseUnknown } from './unknown-withdrawals.js';
import { releasedWhileWaiting } from './waiting-releases.js';
import { waysOn } from './ways-on.js';

/** Claims and locks the rows for a batch of events. */
@Injectable()
export class SagaBatches {
  constructor(
    private readonly authority: OrderAuthority,
    @Inject(RestoreGuard) private readonly guard: Pick<RestoreGuard, 'holds'>,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'unitWorths'> = { unitWorths: {} },
  ) {}

  /** Throws UnknownWithdrawals if events concern withdrawals not on record. */
  async begin(
    tx: Tx,
    events: readonly InboundEvent[],
  ): Promise<{ readonly fresh: readonly InboundEvent[]; readonly batch: BatchChanges }> {
    const ids = [
      ...new Set(
        events.flatMap(({ change }) =>
          'withdrawalId' in change ? (change.withdrawalId ?? []) : [],
        ),
      ),
    ];
    const claiming = claimEvents(tx, events);
    const locking = lockWithdrawals(tx, ids);
    // The query for holds shares the round trip of the locks. PostgreSQL runs the query after them.
    const holding = events.some(mayGiveOrder)
      ? this.guard.holds(tx, async () => (await locking).values())
      : NO_HOLDS;
    const [claimed, rows, holds] = await Promise.all([claiming, locking, holding]);
    const fresh = await withoutRecordedBroadcasts(tx, claimed, rows);
    refuseUnknown(fresh, rows);
    const ways = await waysOn(tx, fresh, rows);
    const batch: BatchChanges = {
      rows,
      ...ways,
      holds,
      changed: new Map(),
      refusedCancels: new Set(),
      waits: new Map(),
      releasedWhileWaiting: await releasedWhileWaiting(tx, fresh),
      rerouted: new Set(),
      history: [],
      continued: [],
      left: [],
      outgoing: [],
      authority: this.authority,
      worths: this.config.unitWorths,
      cases: [],
      costs: [],
      accounts: new Set(),
    };
    return { fresh, batch };
  }
}
