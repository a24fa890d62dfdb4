import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import {
  type Message,
  venueEvents,
  type VenueEvents,
  VENUES,
  WALLET,
  walletEvents,
} from '@sluice/messages';
import { rowsJson } from '@sluice/postgres';
import { FactWrites } from '../writes/fact-writes.js';
import { RETURNED } from '../writes/store-facts.js';

export type FollowedVenueEvent = Message<VenueEvents>;

interface Refusal {
  readonly withdrawal_id: string;
  readonly venue: string;
  readonly digest: string | null;
  readonly refused_at: string;
}

/** Returns the connector's statements that nothing was paid. The MAC of the message proves them. */
export function refusalFacts(
  venue: string,
  batch: readonly FollowedVenueEvent[],
): readonly Refusal[] {
  return batch.flatMap((event) => {
    if (!isStatement(event) || event.data.proof === undefined) return [];
    const { withdrawalId, digest = null } = event.data;
    return [{ withdrawal_id: withdrawalId, venue, digest, refused_at: event.time }];
  });
}

interface ReturnStatement {
  readonly withdrawal_id: string;
  readonly venue: string;
  readonly digest: string | null;
  readonly asset: string;
  readonly amount: string;
}

/** Returns the connector's statements that a payment came back. */
function returnFacts(
  venue: string,
  batch: readonly FollowedVenueEvent[],
): readonly ReturnStatement[] {
  return batch.flatMap((event) => {
    if (event.type !== 'venue.withdrawal-returned.v1' || event.data.proof === undefined) return [];
    const { withdrawalId, digest = null, asset, amount } = event.data;
    return [{ withdrawal_id: withdrawalId, venue, digest, asset, amount }];
  });
}

type Statement = Extract<
  FollowedVenueEvent,
  { type: 'venue.submission-refused.v1' | 'venue.withdrawal-failed.v1' }
>;

function isStatement(event: FollowedVenueEvent): event is Statement {
  return (
    event.type === 'venue.submission-refused.v1' || event.type === 'venue.withdrawal-failed.v1'
  );
}

export const STORE_REFUSALS = `
  INSERT INTO audited_refusal (withdrawal_id, venue, digest, refused_at)
  SELECT withdrawal_id, venue, digest, refused_at
    FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, venue text, digest text, refused_at timestamptz)
  ON CONFLICT DO NOTHING`;

/**
 * Time in which the connector signs for the auditor, anew after five minutes. `$2`, `$3`: oldest
 * and newest message.
 */
export const SIGNED_THROUGH = `
  INSERT INTO audited_connector AS c (venue, signed_since, signed_until) VALUES ($1, $2, $3)
  ON CONFLICT (venue) DO UPDATE
    SET signed_since = CASE WHEN EXCLUDED.signed_since > c.signed_until + interval '5 minutes' THEN EXCLUDED.signed_since ELSE c.signed_since END,
        signed_until = greatest(c.signed_until, EXCLUDED.signed_until)`;

type StatementBatch = readonly FollowedVenueEvent[];

@Controller()
export class VenueEventsConsumer {
  constructor(private readonly writes: FactWrites) {}

  async store(venue: string, batch: StatementBatch): Promise<void> {
    const refusals = refusalFacts(venue, batch);
    const returns = returnFacts(venue, batch);
    const times = batch.map(({ time }) => time).sort();
    await this.writes.add(async (tx) => {
      if (refusals.length > 0) await tx.query(STORE_REFUSALS, [rowsJson(refusals)]);
      if (returns.length > 0) await tx.query(RETURNED, [rowsJson(returns)]);
      await tx.query(SIGNED_THROUGH, [venue, times[0], times.at(-1)]);
    });
  }
}

/** A handler for each topic, as for the venues' commands. */
for (const venue of [...VENUES, WALLET]) {
  const descriptor: PropertyDescriptor = {
    value: function (this: VenueEventsConsumer, batch: StatementBatch): Promise<void> {
      return this.store(venue, batch);
    },
  };
  Object.defineProperty(VenueEventsConsumer.prototype, venue, descriptor);
  const topic = venue === WALLET ? walletEvents : venueEvents(venue);
  BatchHandler(topic)(VenueEventsConsumer.prototype, venue, descriptor);
}

const HOLD = `json_build_object('withdrawal_id', h.withdrawal_id, 'account_id', h.account_id, 'asset', h.asset, 'amount', h.amount::text, 'venue', h.venue,
  'state', h.state, 'placed_at', h.placed_at, 'ended_at', h.ended_at)`;

/**
 * Judges released holds: the assigned venue must have stated that nothing was paid. `$1`: moment up
 * to which every message is known. Judged only if the connector signed for the auditor from three
 * minutes before the hold until a minute before its end.
 */
export const JUDGE_RELEASES = `
  WITH due AS (
    SELECT h.*, h.venue IS NULL OR h.digest IS NULL OR EXISTS (
             SELECT FROM audited_refusal r
              WHERE r.withdrawal_id = h.withdrawal_id AND r.venue = h.venue AND coalesce(r.digest, h.digest) = h.digest) AS is_proven,
           coalesce(h.placed_at >= c.signed_since + interval '3 minutes' AND h.ended_at <= c.signed_until + interval '1 minute', false) AS is_signed
      FROM audited_withdrawal h LEFT JOIN audited_connector c ON c.venue = h.venue
     WHERE h.state = 'released' AND h.release_judged_at IS NULL AND h.ended_seen_at < $1
     ORDER BY h.ended_seen_at LIMIT 10000),
  judged AS (
    UPDATE audited_withdrawal SET release_judged_at = clock_timestamp()
     WHERE withdrawal_id IN (SELECT withdrawal_id FROM due WHERE is_proven OR is_signed OR ended_seen_at < clock_timestamp() - interval '10 minutes'))
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT 'released_without_proof', 'account', h.account_id::text, h.withdrawal_id::text,
         json_build_object('hold', ${HOLD}, 'statement_of_the_connector', NULL), h.ended_at
    FROM due h WHERE is_signed AND NOT is_proven ORDER BY h.withdrawal_id
  ON CONFLICT DO NOTHING`;

/**
 * A refused command shows a hold given back without an event, which would have come first. `$1` as
 * above.
 */
export const JUDGE_REFUSED_COMMANDS = `
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT DISTINCT ON (h.withdrawal_id) 'released_without_proof', 'account', h.account_id::text, h.withdrawal_id::text,
         json_build_object('hold', ${HOLD}, 'refused_command', c.command, 'reason', c.reason, 'refused_at', c.refused_at), c.refused_at
    FROM audited_command_refusal c JOIN audited_withdrawal h ON h.withdrawal_id = c.withdrawal_id
   WHERE h.state = 'placed' AND c.seen_at < $1
   ORDER BY h.withdrawal_id, c.id
  ON CONFLICT DO NOTHING`;
