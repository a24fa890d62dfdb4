import { Injectable } from '@nestjs/common';
import {
  ledgerCommands,
  withdrawalEvents,
  type Message,
  type Topic,
  type TypeTable,
  type WithdrawalChangedV1,
} from '@sluice/messages';
import { Database, UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { requesterAfterRestore, type NotifiedEnd } from '@sluice/withdrawal-core';
import { recordCancel } from '../cancelling/cancel-withdrawal.js';
import { OrderAuthority } from '../../orders/order-authority.js';
import { lockWithdrawals } from '../../rows/withdrawal-store.js';

export const MOST_READ = 10_000;
/** Numbers of records read per partition, until a larger number adds no event of the lost time. */
const READ = [300, 3_000, MOST_READ];
const AT_ONCE = 500;

type Published = Pick<WithdrawalChangedV1, 'withdrawalId' | 'sequence'>;
type Ended = readonly [withdrawalId: string, notified: NotifiedEnd];

/**
 * Cancels withdrawals again whose customer was told an end without a payment before a restore. The
 * published events are not authenticated, but a cancel request only stops payments, and releases
 * only with the venue's proof.
 */
@Injectable()
export class EndedBefore {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly authority: OrderAuthority,
    @InjectPlatform() private readonly platform: Pick<Platform, 'readNewest'>,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * Compares published events and commands for holds with the records: the newest `count` of each
   * partition, or those since the given time if the count is unknown (null). Returns whether the
   * records are behind. Throws while Kafka is away.
   */
  async cancelAgain(since: Date, count: number | null): Promise<boolean> {
    const events = (
      await this.published(withdrawalEvents, ({ data }) => new Date(data.at) >= since, count)
    ).map(({ data }) => data);
    const ended = endsOf(events);
    let cancelled = 0;
    for (let at = 0; at < ended.length; at += AT_ONCE)
      cancelled += await this.cancel(ended.slice(at, at + AT_ONCE));
    if (cancelled > 0)
      this.logger.warn(
        { withdrawals: cancelled },
        'withdrawals that had ended unpaid before the restore were cancelled again',
      );
    const published = [...events, ...(await this.askedHolds(since, count))];
    return cancelled > 0 || (await this.areBehind(published));
  }

  private async askedHolds(since: Date, count: number | null): Promise<readonly Published[]> {
    const commands = await this.published(
      ledgerCommands,
      ({ time }) => new Date(time) >= since,
      count,
    );
    return commands.flatMap(({ type, data }) =>
      type === 'ledger.place-hold.v1' ? [{ withdrawalId: data.withdrawalId, sequence: 0 }] : [],
    );
  }

  private async published<T extends TypeTable>(
    topic: Topic<T>,
    isSince: (message: Message<Topic<T>>) => boolean,
    count: number | null,
  ): Promise<readonly Message<Topic<T>>[]> {
    const newest = async (most: number) => (await this.platform.readNewest?.(topic, most)) ?? [];
    if (count !== null) return count === 0 ? [] : newest(count);
    let recent: readonly Message<Topic<T>>[] = [];
    for (const most of READ) {
      const read = (await newest(most)).filter(isSince);
      if (read.length === recent.length) break;
      recent = read;
    }
    return recent;
  }

  private async areBehind(published: readonly Published[]): Promise<boolean> {
    const behind = await this.database.query(BEHIND, [
      published.map(({ withdrawalId }) => withdrawalId),
      published.map(({ sequence }) => sequence),
    ]);
    return behind.length > 0;
  }

  /**
   * Returns the number of withdrawals with a new cancel request. A record that ended is left as it
   * is. The numbers are not compared: a record may have other events since the restore.
   */
  private cancel(ended: readonly Ended[]): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const rows = await lockWithdrawals(
        tx,
        ended.map(([id]) => id),
      );
      const at = await tx.now();
      return ended.filter(([id, notified]) => {
        const stored = rows.get(id);
        if (!stored || stored.withdrawal.cancel) return false;
        const requester = requesterAfterRestore(notified);
        return recordCancel(tx, stored, requester, { at, authority: this.authority }).ok;
      }).length;
    });
  }
}

/** Withdrawals with an event of an end without a payment, whatever their later events are. */
function endsOf(events: readonly WithdrawalChangedV1[]): readonly Ended[] {
  const ends = new Map<string, NotifiedEnd>();
  for (const { withdrawalId, status } of events) {
    const notified = notifiedEndOf(status);
    if (notified !== null) ends.set(withdrawalId, notified);
  }
  return [...ends];
}

/** Returns null for a status other than an end without a payment. */
export function notifiedEndOf(status: string): NotifiedEnd | null {
  return status === 'failed' || status === 'cancelled' ? status : null;
}

const BEHIND = `
  SELECT FROM unnest($1::uuid[], $2::int[]) AS p (id, sequence)
   WHERE NOT EXISTS (SELECT FROM withdrawal w WHERE w.id = p.id AND w.published >= p.sequence)
     AND NOT EXISTS (SELECT FROM archived_withdrawal r WHERE r.id = p.id) LIMIT 1`;
