import type { AuditReports, Message } from '@sluice/messages';

type Entry = Extract<Message<AuditReports>, { readonly type: 'audit.entry-recorded.v1' }>;

/** Returns one row per entry. `service`: producer of the topic, whose key made the message's MAC. */
export function entryRows(service: string, entries: readonly Entry[]) {
  return entries.map(({ time, data }) => ({
    service,
    number: data.number,
    hash: data.hash,
    previous_hash: data.previousHash,
    call_id: data.callId,
    caller_kind: data.callerKind,
    caller_name: data.callerName,
    method: data.method,
    route: data.route,
    target: data.target,
    status: data.status,
    recorded_at: time,
  }));
}

/** Stores entries. Two entries with one number have different hashes. */
export const STORE_ENTRIES = `
  INSERT INTO audited_entry (service, number, hash, previous_hash, call_id, caller_kind, caller_name, method, route, target, status, recorded_at)
  SELECT service, number, hash, previous_hash, call_id, caller_kind, caller_name, method, route, target, status, recorded_at
    FROM json_to_recordset($1::json) AS r(service text, number bigint, hash text, previous_hash text, call_id text, caller_kind text,
                                          caller_name text, method text, route text, target text, status int, recorded_at timestamptz)
   ORDER BY service, number
  ON CONFLICT DO NOTHING`;

/**
 * Entries of the last day with a missing or other predecessor, or another entry's number, judged
 * once the messages of the 15 seconds after are stored. `$1`, `$2`: services about one venue, and
 * their venues.
 */
export const ENTRY_MISSING = `
  WITH first AS (
    SELECT service, min(number) AS number FROM audited_entry GROUP BY service)
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT 'audit_entry_missing', CASE WHEN v.venue IS NULL THEN 'all' ELSE 'venue' END, v.venue, e.service || ' ' || e.number || ' ' || e.hash,
         json_build_object('service', e.service, 'number', e.number::text, 'hash', e.hash, 'previous_hash', e.previous_hash,
           'known', (SELECT json_agg(json_build_object('number', k.number::text, 'hash', k.hash, 'caller', k.caller_name, 'target', k.target, 'recorded_at', k.recorded_at))
                       FROM audited_entry k WHERE k.service = e.service AND k.number IN (e.number - 1, e.number) AND k.id <> e.id)),
         e.recorded_at
    FROM audited_entry e
    JOIN first f ON f.service = e.service
    JOIN audit_progress p ON e.recorded_at < p.followed_through - interval '15 seconds'
    LEFT JOIN unnest($1::text[], $2::text[]) AS v(service, venue) ON v.service = e.service
   WHERE e.seen_at > clock_timestamp() - interval '1 day'
     AND (EXISTS (SELECT FROM audited_entry k WHERE k.service = e.service AND k.number = e.number AND k.id < e.id)
          OR (e.number > f.number
              AND NOT EXISTS (SELECT FROM audited_entry k WHERE k.service = e.service AND k.number = e.number - 1 AND k.hash = e.previous_hash)))
     AND NOT EXISTS (SELECT FROM finding g WHERE g.kind = 'audit_entry_missing' AND g.subject = e.service || ' ' || e.number || ' ' || e.hash)
   ORDER BY e.service, e.number
  ON CONFLICT DO NOTHING`;
