import { VENUES, venueCommands, WALLET } from '@sluice/messages';
import { rowsJson, type Database } from '@sluice/postgres';
import type { Platform } from '@sluice/service-shell';
import { isSignedFor } from '@sluice/signing';
import { orderFacts } from '../facts/order-facts.js';

/** Records read of each partition: orders of some minutes. */
const READ = 5_000;

export interface Upgrade {
  readonly database: Pick<Database, 'query'>;
  readonly readNewest: NonNullable<Platform['readNewest']>;
  /** Time after the first proven request, in which instances of a release without proofs may still run. */
  readonly unprovenMs: number;
}

/**
 * Sets payments aside whose order was published without a MAC for the auditor, by an instance of
 * release 0.3.0 before or during the upgrade. Each such order explains one payment. After
 * `unprovenMs` no payment is set aside.
 */
export async function setAsideOrdersOfUpgrade(upgrade: Upgrade): Promise<void> {
  const { database, readNewest, unprovenMs } = upgrade;
  const waiting = await database.query<{ venue: string }>(VENUES_IN_UPGRADE, [unprovenMs]);
  const venues = new Set(waiting.map(({ venue }) => venue));
  for (const venue of [...VENUES, WALLET].filter((one) => venues.has(one))) {
    const orders = orderFacts(venue, await readNewest(venueCommands(venue), READ, isUnproven));
    if (orders.length > 0)
      await database.query(SET_ASIDE_OF_UPGRADE, [rowsJson(orders), unprovenMs]);
  }
}

/** A record with a MAC for the auditor is no order without proof, also before the auditor stores the order. */
const isUnproven = (record: Parameters<typeof isSignedFor>[1]): boolean =>
  !isSignedFor('auditor', record);

const isUpgrade = (parameter: string): string =>
  `(p.requests_proven_from IS NULL OR clock_timestamp() < p.requests_proven_from + ${parameter} * interval '1 millisecond')`;

/** Venues with a payment that no proven order explains, while instances of 0.3.0 may still run. */
const VENUES_IN_UPGRADE = `
  SELECT DISTINCT v.venue FROM venue_payment v, audit_progress p
   WHERE v.withdrawal_id IS NULL AND v.flagged_at IS NULL AND v.status <> 'failed' AND ${isUpgrade('$1')}`;

/**
 * `$1`: orders read from the topic. The oldest payments are set aside, at most as many as there are
 * equal orders without a proof. A payment with our reference needs an order with this reference.
 * The payment keeps the key of its order: an instance with proofs may publish the order again, and
 * the comparison then assigns the payment.
 */
export const SET_ASIDE_OF_UPGRADE = `
  WITH unproven AS (
    SELECT DISTINCT ON (r.withdrawal_id, r.venue) r.venue, r.equality_key, r.client_reference
      FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, venue text, equality_key text, client_reference text)
     WHERE NOT EXISTS (SELECT FROM audited_order o WHERE o.withdrawal_id = r.withdrawal_id AND o.venue = r.venue)),
  keyed AS (
    SELECT DISTINCT ON (v.id) v.id, v.venue, v.client_reference, v.created_at, k.key
      FROM venue_payment v
      JOIN audit_progress p ON ${isUpgrade('$2')} AND v.created_at >= least(p.started_at, p.oldest_fact_at)
     CROSS JOIN LATERAL (VALUES (v.equality_key), (v.unlisted_key)) AS k(key)
      JOIN unproven u ON u.venue = v.venue AND u.equality_key = k.key
     WHERE v.withdrawal_id IS NULL AND v.status <> 'failed'
     ORDER BY v.id, k.key = v.equality_key DESC),
  placed AS (
    SELECT *, row_number() OVER (PARTITION BY venue, key, client_reference ORDER BY created_at, id) AS place FROM keyed)
  UPDATE venue_payment v SET flagged_at = clock_timestamp(), equality_key = d.key
    FROM placed d
    JOIN (SELECT venue, equality_key, client_reference, count(*) AS orders FROM unproven
           GROUP BY GROUPING SETS ((venue, equality_key), (venue, equality_key, client_reference))) n
      ON n.venue = d.venue AND n.equality_key = d.key AND n.client_reference IS NOT DISTINCT FROM d.client_reference
   WHERE v.id = d.id AND v.flagged_at IS NULL AND d.place <= n.orders`;
