import type { TableGauge } from '@sluice/service-shell';
import { OVERDUE_GAUGE } from './overdue-gauge.js';

// States have no index, because each step would have to update the index. The newest withdrawals
// are found by the index on the number.
const NEWEST = 50_000;

/** Gauges of withdrawals, cases and related tables. */
export const INTAKE_GAUGES: readonly TableGauge[] = [
  {
    name: 'sluice_recent_withdrawals',
    help: `Withdrawals by state, of the newest ${NEWEST}`,
    labels: ['state'],
    sql: `SELECT state, count(*)::float8 AS value FROM (SELECT state FROM withdrawal ORDER BY number DESC LIMIT ${NEWEST}) AS newest GROUP BY state`,
  },
  {
    name: 'sluice_cases',
    help: 'Open cases by trigger: facts that do not fit the state of their withdrawal',
    labels: ['kind'],
    sql: 'SELECT trigger AS kind, count(*)::float8 AS value FROM withdrawal_case GROUP BY trigger',
  },
  {
    name: 'sluice_halts',
    help: 'Halts in force: what they cover takes no new withdrawals',
    labels: ['reason'],
    sql: 'SELECT reason, count(*)::float8 AS value FROM halt WHERE lifted_at IS NULL GROUP BY reason',
  },
  OVERDUE_GAUGE,
  {
    name: 'sluice_api_keys_expiring',
    help: 'API keys in force that expire within two weeks',
    labels: [],
    sql: `SELECT count(*)::float8 AS value FROM (SELECT DISTINCT ON (key_id) expires_at, revoked_at FROM api_key ORDER BY key_id, generation DESC) AS newest
           WHERE revoked_at IS NULL AND expires_at BETWEEN clock_timestamp() AND clock_timestamp() + interval '14 days'`,
  },
  {
    name: 'sluice_ledger_differences',
    help: 'Withdrawals of which the ledger lacks the hold, the capture or the release. Anything but 0 is an incident',
    labels: ['kind'],
    sql: 'SELECT kind, count(*)::float8 AS value FROM ledger_difference WHERE resolved_at IS NULL GROUP BY kind',
  },
  {
    name: 'sluice_ledger_comparison_age_seconds',
    help: 'Since withdrawals were compared with the holds of the ledger for the last time, which happens every minute',
    labels: [],
    sql: 'SELECT extract(epoch FROM clock_timestamp() - compared_at)::float8 AS value FROM ledger_comparison',
  },
];
