import { inForceSql } from '@sluice/service-shell';
import { FINDING_ENDS } from '../seals/finding-closings.js';

export const ADD_VENUES = `
  INSERT INTO issued_permit (venue) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`;

const STATES = `
  SELECT p.venue, clock_timestamp() AS now, a.followed_through, r.completed_at AS read_at, p.cover, p.issued_at
    FROM issued_permit p CROSS JOIN audit_progress a LEFT JOIN venue_reading r USING (venue)
   WHERE p.venue = ANY ($1)
   ORDER BY p.venue`;

/** Locks the rows: of several instances, one issues the next permit of a venue. */
export const LOCK_PERMIT_STATES = `${STATES} FOR UPDATE OF p SKIP LOCKED`;

/**
 * Findings are read after the rows are locked: a later number knows every finding of an earlier one.
 * `$1`: the findings with a verified closing.
 */
export const OPEN_FINDINGS = `
  SELECT DISTINCT scope, target, is_condition FROM finding f WHERE ${inForceSql('f', FINDING_ENDS, '$1')}`;

/**
 * Takes the next numbers. A number is at least the time in milliseconds: also after a restore of
 * this database to an earlier moment, numbers grow.
 */
export const ISSUE = `
  UPDATE issued_permit p
     SET number = greatest(p.number + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint), cover = n.cover, issued_at = clock_timestamp()
    FROM json_to_recordset($1::json) AS n(venue text, cover text)
   WHERE p.venue = n.venue
  RETURNING p.venue, p.number::float8 AS number, p.issued_at`;
