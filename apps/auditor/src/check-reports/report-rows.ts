import {
  type AuditReports,
  type Message,
  REPORTING_SERVICES,
  venueOfConnector,
} from '@sluice/messages';
import { ENTRY_MISSING } from './audit-entries.js';
import { compareDemands } from './demands.js';

type RunStatement = (sql: string, params?: readonly unknown[]) => Promise<unknown>;

const OF_VENUES = servicesOfVenues();

/** Opens the conditions of missed checks, finds missing audit entries, and compares the approvals. */
export async function compareReports(query: RunStatement): Promise<void> {
  await query(CHECK_MISSED, OF_VENUES);
  await query(FORGET_PROCESSES);
  await query(ENTRY_MISSING, OF_VENUES);
  await compareDemands(query, OF_VENUES);
}

type Report = Extract<Message<AuditReports>, { readonly type: 'audit.checks-reported.v1' }>;

export interface ReportRow {
  readonly service: string;
  readonly instance: string;
  readonly check_name: string;
  readonly every_ms: number;
  readonly waited_ms: number;
  readonly reported_at: string;
}

/**
 * Returns a row for each check, and a row with an empty name for each reporting process. `service`
 * is the producer whose key made the MAC.
 */
export function reportRows(service: string, batch: readonly Report[]): readonly ReportRow[] {
  return batch.flatMap(({ time: reported_at, data: { instance, checks } }) => [
    { service, instance, check_name: '', every_ms: 0, waited_ms: 0, reported_at },
    ...checks.map(({ name, everyMs, waitedMs }) => ({
      service,
      instance,
      check_name: name,
      every_ms: everyMs,
      waited_ms: waitedMs,
      reported_at,
    })),
  ]);
}

/** True for a check that missed three intervals. */
export function isMissed({ every_ms: everyMs, waited_ms: waitedMs }: ReportRow): boolean {
  return waitedMs > 3 * everyMs;
}

/** Services about one venue, and their venues. */
export function servicesOfVenues(): readonly [readonly string[], readonly string[]] {
  const pairs = REPORTING_SERVICES.flatMap((service): [string, string][] => {
    const venue = venueOfConnector(service);
    return venue === null ? [] : [[service, venue]];
  });
  return [pairs.map(([service]) => service), pairs.map(([, venue]) => venue)];
}

export const STORE_REPORTS = `
  INSERT INTO check_report AS c (service, instance, check_name, every_ms, waited_ms, reported_at)
  SELECT DISTINCT ON (service, instance, check_name) service, instance, check_name, every_ms, waited_ms, reported_at
    FROM json_to_recordset($1::json) AS r(service text, instance text, check_name text, every_ms bigint, waited_ms bigint, reported_at timestamptz)
   ORDER BY service, instance, check_name, reported_at DESC
  ON CONFLICT (service, instance, check_name) DO UPDATE
     SET every_ms = EXCLUDED.every_ms, waited_ms = EXCLUDED.waited_ms, reported_at = EXCLUDED.reported_at
   WHERE c.reported_at < EXCLUDED.reported_at`;

/** A process reports every 15 seconds. Three missed reports, and 15 seconds for the transport. */
const SILENT = `interval '60 seconds'`;
const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

/**
 * Checks that missed three intervals, and services without reports, up to the moment up to which
 * every report is stored, and not within a minute after a gap. An ended process is compared with
 * its service's newest report.
 */
const MISSED = `
  WITH known AS (
    SELECT followed_through AS at FROM audit_progress WHERE followed_through > followed_since + ${SILENT}),
  process AS (
    SELECT service, instance, max(reported_at) AS reported_at FROM check_report GROUP BY service, instance),
  silent AS (
    SELECT service, max(reported_at) AS reported_at FROM process GROUP BY service),
  missed AS (
    SELECT s.service, '' AS check_name, s.reported_at + interval '45 seconds' AS missed_at,
           json_build_object('service', s.service, 'check', '', 'last_report_at', s.reported_at) AS evidence
      FROM silent s, known WHERE s.reported_at < known.at - ${SILENT}
     UNION ALL
    (SELECT DISTINCT ON (c.service, c.check_name) c.service, c.check_name, w.waiting_since + 3 * c.every_ms * interval '1 millisecond',
           json_build_object('service', c.service, 'check', c.check_name, 'process', c.instance, 'interval_ms', c.every_ms, 'waiting_since', w.waiting_since)
      FROM process p JOIN check_report c USING (service, instance)
      CROSS JOIN known
      CROSS JOIN LATERAL (SELECT c.reported_at - c.waited_ms * interval '1 millisecond' AS waiting_since) w
     WHERE c.every_ms > 0 AND p.reported_at >= known.at - ${SILENT} AND p.reported_at > w.waiting_since + 3 * c.every_ms * interval '1 millisecond'
      ORDER BY c.service, c.check_name, w.waiting_since))`;

/** Opens the conditions. `$1`, `$2`: services about one venue, and their venues. */
const CHECK_MISSED = `
  ${MISSED}
  INSERT INTO finding (is_condition, kind, scope, target, subject, evidence, fact_at)
  SELECT true, 'check_missed', CASE WHEN v.venue IS NULL THEN 'all' ELSE 'venue' END, v.venue,
         m.service || ' ' || m.check_name || ' missed at ' || to_char(m.missed_at AT TIME ZONE 'UTC', ${UTC}), m.evidence, m.missed_at
    FROM missed m LEFT JOIN unnest($1::text[], $2::text[]) AS v(service, venue) ON v.service = m.service
   WHERE NOT EXISTS (SELECT FROM finding f WHERE f.kind = 'check_missed' AND f.closed_at IS NULL
                        AND f.evidence->>'service' = m.service AND f.evidence->>'check' = m.check_name)
   ORDER BY m.service, m.check_name
  ON CONFLICT DO NOTHING`;

/** Ends the conditions whose check has been completed since, or whose service reports again; returns the ids. */
export const CHECK_RESUMED = `
  ${MISSED}
  UPDATE finding f SET closed_at = clock_timestamp(), close_reason = 'the check completes in its interval again'
    FROM known
   WHERE f.kind = 'check_missed' AND f.is_condition AND f.closed_at IS NULL
     AND NOT EXISTS (SELECT FROM missed m WHERE f.evidence->>'service' = m.service AND f.evidence->>'check' = m.check_name)
     AND (f.evidence->>'check' = '' OR EXISTS (
           SELECT FROM silent s WHERE s.service = f.evidence->>'service' AND s.reported_at >= known.at - ${SILENT}))
  RETURNING f.id::text`;

/** Forgets processes that ended: ten minutes older than the newest report of their service. */
const FORGET_PROCESSES = `
  DELETE FROM check_report c
   USING (SELECT service, max(reported_at) AS reported_at FROM check_report GROUP BY service) s
   WHERE c.service = s.service AND c.reported_at < s.reported_at - interval '10 minutes'
     AND NOT EXISTS (SELECT FROM check_report k WHERE k.service = c.service AND k.instance = c.instance
                        AND k.reported_at >= s.reported_at - interval '10 minutes')`;
