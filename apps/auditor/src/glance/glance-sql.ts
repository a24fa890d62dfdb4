import { inForceSql } from '@sluice/service-shell';
import { FINDING_ENDS } from '../seals/finding-closings.js';
import { SEALED_FINDINGS } from '../seals/seal-sql.js';
import { WAITS } from './waits-sql.js';

/**
 * The state that the loops of the auditor compare, in one statement. `$1`: venues with permits; `$2`:
 * findings with a verified closing; `$3`: true to read the sealed findings.
 */
export const GLANCE = `
  SELECT clock_timestamp() AS at, a.followed_through, ${WAITS} AS waits,
         (SELECT coalesce(json_agg(json_build_object('venue', v.venue, 'read_at', r.completed_at, 'cover', p.cover, 'issued_at', p.issued_at) ORDER BY v.venue), '[]')
            FROM unnest($1::text[]) AS v(venue) LEFT JOIN issued_permit p USING (venue) LEFT JOIN venue_reading r USING (venue)) AS venues,
         (SELECT coalesce(json_agg(f), '[]') FROM (
            SELECT DISTINCT scope, target, is_condition, closed_at IS NOT NULL AS is_closed FROM finding f WHERE ${inForceSql('f', FINDING_ENDS, '$2')}) f) AS findings,
         CASE WHEN $3::boolean THEN (SELECT row_to_json(s) FROM (${SEALED_FINDINGS}) s) END AS sealed
    FROM audit_progress a`;
