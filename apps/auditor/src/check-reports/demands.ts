import type { AuditReports, Message } from '@sluice/messages';
import { personNameSkeletons } from '@sluice/service-shell';
import { APPROVAL_ROUTE, TWO_PEOPLE_ROUTES } from './two-people-routes.js';

type RunStatement = (sql: string, params?: readonly unknown[]) => Promise<unknown>;

type ServicesOfVenues = readonly [readonly string[], readonly string[]];

const ROUTES = [
  TWO_PEOPLE_ROUTES.map(({ route }) => route),
  TWO_PEOPLE_ROUTES.map(({ action }) => action),
  APPROVAL_ROUTE,
];

/** Compares demands, approvals and audit entries of people with each other. */
export async function compareDemands(
  query: RunStatement,
  ofVenues: ServicesOfVenues,
): Promise<void> {
  await query(APPROVAL_WITHOUT_REQUEST, ofVenues);
  await query(APPROVAL_WITHOUT_ENTRY, ofVenues);
  await query(ACTION_WITHOUT_APPROVAL, [...ofVenues, ...ROUTES]);
}

type OfType<T> = Extract<Message<AuditReports>, { readonly type: T }>;
type DemandMessage = OfType<'audit.demand-requested.v1'> | OfType<'audit.demand-approved.v1'>;

export function isDemand(message: Message<AuditReports>): message is DemandMessage {
  return (
    message.type === 'audit.demand-requested.v1' || message.type === 'audit.demand-approved.v1'
  );
}

/** Returns one row per demand and per approval. `service`: producer of the topic, whose key made the message's MAC. */
export function demandRows(service: string, demands: readonly DemandMessage[]) {
  return demands.map(({ id: message_id, ...body }) => ({
    message_id,
    service,
    demand_id: body.data.demandId,
    action: body.data.action,
    target: body.data.target,
    digest: body.data.digest,
    requested_by: body.data.requestedBy,
    requested_names: personNameSkeletons(body.data.requestedBy),
    requested_at: body.data.requestedAt,
    call_id: body.data.callId,
    ...approvalOf(body),
  }));
}

function approvalOf(body: Pick<DemandMessage, 'type' | 'data'>) {
  if (!('approvedBy' in body.data))
    return { approved_by: null, approved_names: null, approved_at: null };
  const { approvedBy, approvedAt } = body.data;
  return {
    approved_by: approvedBy,
    approved_names: personNameSkeletons(approvedBy),
    approved_at: approvedAt,
  };
}

/** Stores demands and approvals. A message that is read again has the same id. */
export const STORE_DEMANDS = `
  INSERT INTO audited_demand (message_id, service, demand_id, action, target, digest, requested_by, requested_names, requested_at,
                              approved_by, approved_names, approved_at, call_id)
  SELECT message_id, service, demand_id, action, target, digest, requested_by, requested_names, requested_at, approved_by, approved_names,
         approved_at, call_id
    FROM json_to_recordset($1::json) AS r(message_id text, service text, demand_id bigint, action text, target text, digest text,
                                          requested_by text, requested_names text[], requested_at timestamptz, approved_by text,
                                          approved_names text[], approved_at timestamptz, call_id text)
   ORDER BY message_id
  ON CONFLICT DO NOTHING`;

/**
 * `known`: first known entry of each service, and when it was stored. Messages of the first minute
 * are not judged. Times inside a message count only until then: a thief can write older ones. `$1`,
 * `$2`: services about one venue, and their venues.
 */
const KNOWN = `
  WITH RECURSIVE service AS (
    (SELECT service FROM audited_entry ORDER BY service LIMIT 1)
     UNION ALL
    SELECT (SELECT e.service FROM audited_entry e WHERE e.service > s.service ORDER BY e.service LIMIT 1) FROM service s WHERE s.service IS NOT NULL),
  known AS (
    SELECT s.service, v.venue, CASE WHEN v.venue IS NULL THEN 'all' ELSE 'venue' END AS scope,
           f.recorded_at + interval '1 minute' AS since, f.seen_at + interval '1 minute' AS seen_since
      FROM service s
      CROSS JOIN LATERAL (SELECT recorded_at, seen_at FROM audited_entry e WHERE e.service = s.service ORDER BY e.number LIMIT 1) f
      LEFT JOIN unnest($1::text[], $2::text[]) AS v(service, venue) ON v.service = s.service)`;

/** Facts of the last day. A fact is judged once every message of the 15 seconds after its storage is stored. */
const isJudged = (fact: string): string =>
  `${fact}.seen_at > clock_timestamp() - interval '1 day' AND ${fact}.seen_at < p.followed_through - interval '15 seconds'`;

const evidenceOf = (demand: string): string =>
  `json_build_object('service', ${demand}.service, 'demand', ${demand}.demand_id::text, 'action', ${demand}.action, 'subject', ${demand}.target,
     'digest', ${demand}.digest, 'requested_by', ${demand}.requested_by, 'requested_at', ${demand}.requested_at,
     'approved_by', ${demand}.approved_by, 'approved_at', ${demand}.approved_at, 'call', ${demand}.call_id)`;

/** The first person in a demand, the second person in an approval. */
const callerOf = (demand: string): string =>
  `coalesce(${demand}.approved_by, ${demand}.requested_by)`;

const entryEvidenceOf = (entry: string): string =>
  `json_build_object('service', ${entry}.service, 'number', ${entry}.number::text, 'caller', ${entry}.caller_name, 'method', ${entry}.method,
     'target', ${entry}.target, 'status', ${entry}.status, 'recorded_at', ${entry}.recorded_at, 'call', ${entry}.call_id)`;

const INTO = 'INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)';

const isNew = (kind: string, subject: string): string =>
  `NOT EXISTS (SELECT FROM finding g WHERE g.kind = '${kind}' AND g.subject = ${subject})`;

const SUBJECT = `d.service || ' ' || d.demand_id || ' ' || d.message_id`;

/** Approvals without the equal demand of another person within a day. A demand lives for 24 hours. */
const APPROVAL_WITHOUT_REQUEST = `
  ${KNOWN}
  ${INTO}
  SELECT 'approval_without_request', k.scope, k.venue, ${SUBJECT},
         json_build_object('approval', ${evidenceOf('d')},
           'demands', (SELECT json_agg(${evidenceOf('r')}) FROM audited_demand r
                        WHERE r.service = d.service AND r.demand_id = d.demand_id AND r.approved_by IS NULL)),
         d.approved_at
    FROM audited_demand d JOIN known k USING (service) JOIN audit_progress p ON ${isJudged('d')}
   WHERE d.approved_by IS NOT NULL
     AND (d.requested_names && d.approved_names
          OR d.approved_at > d.requested_at + interval '1 day 1 minute'
          OR ((d.requested_at > k.since OR d.seen_at > k.seen_since + interval '1 day')
              AND NOT EXISTS (
                SELECT FROM audited_demand r
                 WHERE r.service = d.service AND r.demand_id = d.demand_id AND r.approved_by IS NULL
                   AND (r.action, r.target, r.digest, r.requested_by, r.requested_at) = (d.action, d.target, d.digest, d.requested_by, d.requested_at))))
     AND ${isNew('approval_without_request', SUBJECT)}
   ORDER BY d.id
  ON CONFLICT DO NOTHING`;

/** Demands and approvals whose call has no audit entry of the same person, written before the call. */
const APPROVAL_WITHOUT_ENTRY = `
  ${KNOWN}
  ${INTO}
  SELECT 'approval_without_entry', k.scope, k.venue, ${SUBJECT},
         json_build_object('person', ${callerOf('d')}, 'demand', ${evidenceOf('d')},
           'entries', (SELECT json_agg(${entryEvidenceOf('e')}) FROM audited_entry e WHERE e.service = d.service AND e.call_id = d.call_id)),
         coalesce(d.approved_at, d.requested_at)
    FROM audited_demand d JOIN known k USING (service) JOIN audit_progress p ON ${isJudged('d')}
   WHERE (coalesce(d.approved_at, d.requested_at) > k.since OR d.seen_at > k.seen_since)
     AND NOT EXISTS (
       SELECT FROM audited_entry e
        WHERE e.service = d.service AND e.call_id = d.call_id AND e.status IS NULL AND e.caller_kind = 'person' AND e.caller_name = ${callerOf('d')})
     AND ${isNew('approval_without_entry', SUBJECT)}
   ORDER BY d.id
  ON CONFLICT DO NOTHING`;

const ENTRY_SUBJECT = `e.service || ' ' || e.number || ' ' || e.hash`;

/**
 * Successful calls on a route for two people without demand or approval. `$3`, `$4`: routes and
 * their actions; `$5`: the route of approvals, judged by the demand's action.
 */
const ACTION_WITHOUT_APPROVAL = `
  ${KNOWN}
  ${INTO}
  SELECT 'action_without_approval', k.scope, k.venue, ${ENTRY_SUBJECT},
         json_build_object('entry', ${entryEvidenceOf('e')},
           'demands', (SELECT json_agg(${evidenceOf('d')}) FROM audited_demand d WHERE d.service = e.service AND d.call_id = e.call_id)),
         e.recorded_at
    FROM audited_entry e JOIN known k USING (service) JOIN audit_progress p ON ${isJudged('e')}
    LEFT JOIN unnest($3::text[], $4::text[]) AS t(route, action) ON t.route = e.method || ' ' || e.route
   WHERE e.status BETWEEN 200 AND 299 AND e.caller_kind = 'person' AND (e.recorded_at > k.since OR e.seen_at > k.seen_since)
     AND (t.route IS NOT NULL
          OR (e.method || ' ' || e.route = $5
              AND EXISTS (SELECT FROM audited_demand r
                           WHERE r.service = e.service AND r.demand_id::text = split_part(e.target, '/', 4) AND r.approved_by IS NULL AND r.action = ANY ($4))))
     AND NOT EXISTS (
       SELECT FROM audited_demand d
        WHERE d.service = e.service AND d.call_id = e.call_id AND ${callerOf('d')} = e.caller_name AND d.action = coalesce(t.action, d.action))
     AND ${isNew('action_without_approval', ENTRY_SUBJECT)}
   ORDER BY e.service, e.number
  ON CONFLICT DO NOTHING`;
