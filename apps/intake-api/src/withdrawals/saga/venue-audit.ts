import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Message, recipientDigest, type SentItem, type VenueEvents } from '@sluice/messages';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import { monotonicMs, restAfterMs } from '@sluice/runtime';
import { countOrderMismatch, InjectLogger, type Logger } from '@sluice/service-shell';
import { openCases, type OpenedCase } from '../../cases/withdrawal-cases.js';
import { haltVenues } from '../../halts/halt-venues.js';
import { findByIds, type StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../../wire/venue-event.js';
import { reportAgainMessage } from '../../wire/wire.js';
import { orderMismatches } from './reported-order.js';

export type SentEvent = Extract<Message<VenueEvents>, { type: 'venue.sent.v1' }>;

/**
 * Compares orders sent by connectors with recorded orders. An unknown withdrawal, another recipient
 * or amount, or a venue without an order halts the venue: the payment cannot be reverted.
 */
@Injectable()
export class SentAudit implements VenueEventKeeper {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * Handles events in sequence with pauses: reports have tens of thousands of orders, and clients
   * wait.
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

export type PaidEvent = Extract<Message<VenueEvents>, { type: 'venue.paid.v1' }>;

interface Contrary {
  readonly id: string;
  readonly state: string;
  readonly paid_by: string;
  readonly venue: string;
}

/**
 * Stores payments reported by connectors. A payment of an abandoned withdrawal, or of one at
 * another venue, opens a case and halts the venue. A gap between reports requests a new report.
 */
@Injectable()
export class PaidAudit implements VenueEventKeeper, OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Restarts the measurement of a venue's silence, because no process has listened before. */
  async onApplicationBootstrap(): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await tx.query('UPDATE venue_report SET received_at = clock_timestamp()');
    });
  }

  async take(batch: readonly VenueEvent[]): Promise<void> {
    for (const event of eventsOf(batch, 'venue.paid.v1')) await this.keep(event);
  }

  private async keep({ data }: PaidEvent): Promise<void> {
    const opened = await this.unitOfWork.run(async (tx) => {
      const paid = [data.withdrawalIds, data.venue];
      if (data.withdrawalIds.length > 0) await tx.query(KEEP, paid);
      await this.goOn(tx, data);
      return data.withdrawalIds.length === 0 ? [] : this.compare(tx, paid);
    });
    for (const { withdrawalId, trigger, detail } of opened) {
      countOrderMismatch('intake-api');
      this.logger.error(
        { withdrawalId, trigger, detail },
        'a venue paid an order that was given up',
      );
    }
  }

  private async goOn(tx: Tx, { venue, from, to }: PaidEvent['data']): Promise<void> {
    if (from === undefined || to === undefined) return;
    const [gap] = await tx.query<{ since: string }>(GO_ON, [venue, from, to]);
    if (!gap) return;
    this.logger.warn({ venue, ...gap }, 'a report of payments is missing and was requested again');
    tx.publish(reportAgainMessage(venue, gap.since, await tx.now()));
  }

  private async compare(tx: Tx, paid: readonly unknown[]) {
    const contrary = await tx.query<Contrary>(CONTRARY, paid);
    const faults = contrary.map(({ id, state, paid_by: paidBy, venue }) => ({
      messageId: `paid_not_completed ${paidBy} ${id}`,
      withdrawalId: id,
      state,
      trigger: 'paid_not_completed',
      detail: JSON.stringify({ venue: paidBy, orderedFrom: venue }),
      venue: paidBy,
    }));
    const fresh = new Set(await openCases(tx, faults));
    const opened = faults.filter((fault) => fresh.has(fault));
    await haltVenues(tx, opened);
    return opened;
  }
}

const KEEP = `
  INSERT INTO venue_paid (withdrawal_id, venue) SELECT DISTINCT id, $2::text FROM unnest($1::uuid[]) AS p (id) ORDER BY 1 ON CONFLICT DO NOTHING`;

// Returns the start of a gap in the reports; no row without a gap.
const GO_ON = `
  WITH given AS (SELECT $1::text AS venue, $2::timestamptz AS since, $3::timestamptz AS reported_to),
  before AS (SELECT r.reported_to FROM venue_report r JOIN given USING (venue) FOR UPDATE OF r),
  stored AS (
    INSERT INTO venue_report AS r (venue, since, reported_to) SELECT * FROM given
    ON CONFLICT (venue) DO UPDATE
       SET reported_to = CASE WHEN excluded.since <= r.reported_to THEN greatest(r.reported_to, excluded.reported_to) ELSE r.reported_to END,
           received_at = clock_timestamp())
  SELECT to_char(b.reported_to AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS since FROM before b, given g WHERE g.since > b.reported_to`;

const CONTRARY = `
  SELECT w.id, w.state, $2::text AS paid_by, w.venue FROM unnest($1::uuid[]) AS p (id) JOIN withdrawal w USING (id)
   WHERE w.state IN ('rejected', 'releasing', 'failed', 'cancelling', 'cancelled') OR w.venue <> $2::text`;
