import type { TableGauge } from '@sluice/service-shell';

export const AUDITOR_GAUGES: readonly TableGauge[] = [
  {
    name: 'sluice_auditor_open_findings',
    help: 'Differences found by the auditor and not closed by two people',
    labels: ['kind'],
    sql: 'SELECT kind, count(*)::float8 AS value FROM finding WHERE closed_at IS NULL GROUP BY kind',
  },
  {
    name: 'sluice_auditor_finding_seconds',
    help: 'Time between the later fact of the newest finding of a kind and the finding, by both clocks',
    labels: ['kind'],
    sql: 'SELECT DISTINCT ON (kind) kind, extract(epoch FROM opened_at - fact_at)::float8 AS value FROM finding ORDER BY kind, id DESC',
  },
  {
    name: 'sluice_auditor_reading_age_seconds',
    help: 'Time since the begin of the last complete reading of a venue',
    labels: ['venue'],
    sql: 'SELECT venue, extract(epoch FROM clock_timestamp() - completed_at)::float8 AS value FROM venue_reading',
  },
  {
    name: 'sluice_auditor_wallet_gas',
    help: 'Coins that our own addresses spent as gas in this hour, in final blocks',
    labels: ['network'],
    sql: "SELECT network, sum(spent)::float8 AS value FROM wallet_gas WHERE hour > clock_timestamp() - interval '1 hour' GROUP BY network",
  },
  {
    name: 'sluice_auditor_followed_age_seconds',
    help: 'Time since the moment up to which every published fact is stored',
    labels: [],
    sql: 'SELECT extract(epoch FROM clock_timestamp() - coalesce(followed_through, started_at))::float8 AS value FROM audit_progress',
  },
  {
    name: 'sluice_auditor_permit_age_seconds',
    help: 'Time since the last permit of a venue, granted or withdrawn',
    labels: ['venue'],
    sql: 'SELECT venue, extract(epoch FROM clock_timestamp() - issued_at)::float8 AS value FROM issued_permit WHERE issued_at IS NOT NULL',
  },
  {
    name: 'sluice_auditor_accounts_without_opening',
    help: 'Accounts opened before the audit: the auditor does not know their balance, and does not compare their holds with the balance',
    labels: [],
    sql: `SELECT count(*)::float8 AS value FROM (SELECT DISTINCT account_id FROM audited_account) a
           WHERE NOT EXISTS (SELECT FROM audited_opening o WHERE o.account_id = a.account_id)`,
  },
];
