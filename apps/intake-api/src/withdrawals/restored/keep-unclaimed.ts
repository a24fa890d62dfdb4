import { Injectable } from '@nestjs/common';
import type { Message, VenueEvents } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { endRestore } from './restore-guard.js';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../../wire/venue-event.js';

type UnclaimedEvent = Extract<Message<VenueEvents>, { type: 'venue.unclaimed.v1' }>;

/**
 * Stores payments not attributable by venues, and the venues with a read record since a restore.
 */
@Injectable()
export class KeepUnclaimed implements VenueEventKeeper {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async take(batch: readonly VenueEvent[]): Promise<void> {
    for (const event of eventsOf(batch, 'venue.unclaimed.v1')) await this.keep(event);
  }

  /** Stores a report. A repeated payment updates the stored row and may be closed by now. */
  private keep({ data: { venue, unclaimed, life } }: UnclaimedEvent): Promise<void> {
    return this.unitOfWork.run(async (tx) => {
      if (unclaimed.length > 0) await tx.query(KEEP, [venue, JSON.stringify(unclaimed)]);
      if (life === undefined) return;
      await tx.query(HAS_READ, [venue, life]);
      await endRestore(tx, life);
    });
  }
}

// A submission with a withdrawal on record was not lost.
const KEEP = `
  INSERT INTO venue_payment AS v (venue, record, client_reference, payment_key, made_at, closed_at)
  SELECT DISTINCT ON (p.record) $1, p.record, p."clientReference", p.payment, p."madeAt", CASE WHEN p.closed THEN clock_timestamp() END
    FROM json_to_recordset($2::json) AS p(record text, "clientReference" text, payment text, "madeAt" timestamptz, closed boolean, "withdrawalId" uuid)
   WHERE p."withdrawalId" IS NULL OR NOT EXISTS (SELECT FROM withdrawal w WHERE w.id = p."withdrawalId")
   ORDER BY p.record
  ON CONFLICT (venue, record) DO UPDATE
    SET payment_key = excluded.payment_key, closed_at = CASE WHEN excluded.closed_at IS NULL THEN NULL ELSE coalesce(v.closed_at, excluded.closed_at) END`;

const HAS_READ = `
  INSERT INTO venue_read (venue, life) VALUES ($1, $2::uuid)
  ON CONFLICT (venue) DO UPDATE SET life = excluded.life, read_at = clock_timestamp()`;
