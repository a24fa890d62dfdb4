import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { monotonicMs, restAfterMs } from '@sluice/runtime';
import { recipientDigest, type Message, type SentItem, type VenueEvents } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { countOrderMismatch, InjectLogger, type Logger } from '@sluice/service-shell';
import { haltVenues } from '../../halts/halt-venues.js';
import { openCases, type OpenedCase } from '../../cases/withdrawal-cases.js';
import { findByIds, type StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { orderMismatches } from './reported-order.js';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../../wire/venue-event.js';

export type SentEvent = Extract<Message<VenueEvents>, { type: 'venue.sent.v1' }>;

/**
 * Compares orders sent by connectors with the recorded orders, with a single query per message.
 * Faults are an unknown withdrawal, a different recipient or amount, or a venue without an order.
 * The payment cannot be reverted at this point, and the venue is halted.
 */
@Injectable()
export class SentAudit implements VenueEventKeeper {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * Handles events sequentially with pauses: the reports of a busy minute contain tens of thousands
   * of orders, and clients wait for this process.
   */
  async take(batch: readonly VenueEvent[]): Promise<void> {
    for (const event of eventsOf(batch, 'venue.sent.v1')) {
      const begunAt = monotonicMs();
      await this.compare(event);
      await sleep(restAfterMs(monotonicMs() - begunAt));
    }
  }

  private async compare({ data: { items, venue } }: SentEvent): Promise<void> {
    const opened = await this.unitOfWork.run(async (tx) => {
      const asked = await findByIds(tx, [...new Set(items.map((item) => item.withdrawalId))]);
      const byId = new Map(asked.map((stored) => [stored.withdrawal.order.id, stored]));
      const faults = items.flatMap((item) =>
        faultOf(item, venue, byId.get(item.withdrawalId)).map((fault) => ({ ...fault, venue })),
      );
      const fresh = new Set(await openCases(tx, faults));
      const opened = faults.filter((fault) => fresh.has(fault));
      await haltVenues(tx, opened);
      return opened;
    });
    for (const { withdrawalId, trigger, detail } of opened) {
      countOrderMismatch('intake-api');
      this.logger.error(
        { withdrawalId, trigger, detail },
        'a venue received an order that no customer requested',
      );
    }
  }
}

function faultOf(
  item: SentItem,
  venue: string,
  stored: StoredWithdrawal | undefined,
): OpenedCase[] {
  const { withdrawalId } = item;
  const of = (trigger: string, state: string, differs: readonly string[]): OpenedCase[] => [
    {
      messageId: `${trigger} ${venue} ${withdrawalId}`,
      withdrawalId,
      state,
      trigger,
      detail: JSON.stringify({ venue, differs, sent: item }),
    },
  ];
  if (!stored) return of('sent_not_asked', 'unknown', ['withdrawalId']);
  const { state, venue: present, tried, order } = stored.withdrawal;
  const differs = orderMismatches(stored, { ...item, digest: item.digest ?? '' });
  if (item.recipientDigest !== recipientDigest(order.destination)) differs.push('recipient');
  if (venue !== present && !tried.includes(venue)) differs.push('venue');
  return differs.length === 0 ? [] : of('sent_not_as_asked', state, differs);
}
