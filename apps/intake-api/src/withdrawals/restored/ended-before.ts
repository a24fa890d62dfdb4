import { Injectable } from '@nestjs/common';
import { withdrawalEvents, type WithdrawalChangedV1 } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { requesterAfterRestore, type NotifiedEnd } from '@sluice/withdrawal-core';
import { recordCancel } from '../cancel-withdrawal.js';
import { OrderAuthority } from '../order-authority.js';
import { lockWithdrawals } from '../withdrawal-store.js';

/** Numbers of records read per partition, until a larger number adds no step of the lost time. */
const READ = [300, 3_000, 10_000];
const AT_ONCE = 500;

interface Ended {
  readonly id: string;
  readonly sequence: number;
  readonly notified: NotifiedEnd;
}

/**
 * Cancels withdrawals again that had ended without a payment before a restore of the database: the
 * customer was told the end, and the older record could still be paid. The steps come from
 * `withdrawal.events`. They are not authenticated, but a cancel request can only stop a payment,
 * and the hold is released only with the venue's proof.
 */
@Injectable()
export class EndedBefore {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly authority: OrderAuthority,
    @InjectPlatform() private readonly platform: Pick<Platform, 'readNewest'>,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Compares the published ends since the given time with the records. Throws while Kafka is away. */
  async cancelAgain(since: Date): Promise<void> {
    const ended = await this.endedSince(since);
    let cancelled = 0;
    for (let at = 0; at < ended.length; at += AT_ONCE)
      cancelled += await this.cancel(ended.slice(at, at + AT_ONCE));
    if (cancelled > 0)
      this.logger.warn(
        { withdrawals: cancelled },
        'withdrawals had ended unpaid before the restore: they are cancelled again',
      );
  }

  private async endedSince(since: Date): Promise<readonly Ended[]> {
    let steps: readonly WithdrawalChangedV1[] = [];
    for (const most of READ) {
      const read = (await this.platform.readNewest?.(withdrawalEvents, most)) ?? [];
      const recent = read.map(({ data }) => data).filter(({ at }) => new Date(at) >= since);
      if (recent.length === steps.length) break;
      steps = recent;
    }
    return [...Map.groupBy(steps, ({ withdrawalId }) => withdrawalId)].flatMap(
      ([id, all]): Ended[] => {
        const { sequence, status } = all.reduce((a, b) => (b.sequence > a.sequence ? b : a));
        const notified = notifiedEndOf(status);
        return notified === null ? [] : [{ id, sequence, notified }];
      },
    );
  }

  /** Returns the number of withdrawals with a new cancel request. */
  private cancel(ended: readonly Ended[]): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const rows = await lockWithdrawals(
        tx,
        ended.map(({ id }) => id),
      );
      const at = await tx.now();
      return ended.filter(({ id, sequence, notified }) => {
        const stored = rows.get(id);
        if (!stored || stored.withdrawal.sequence >= sequence || stored.withdrawal.cancel)
          return false;
        const requester = requesterAfterRestore(notified);
        return recordCancel(tx, stored, requester, { at, authority: this.authority }).ok;
      }).length;
    });
  }
}

/** Returns null for a status other than an end without a payment. */
export function notifiedEndOf(status: string): NotifiedEnd | null {
  return status === 'failed' || status === 'cancelled' ? status : null;
}
