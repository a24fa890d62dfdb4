import { OVERDUE_GAUGE } from './overdue.js';

/** Open submissions, each state by the index used by the workers, and detected irregularities. */
export const CONNECTOR_GAUGES = [
  {
    name: 'sluice_submissions',
    help: 'Submissions that have not ended, by state',
    labels: ['state'],
    sql: `
      SELECT state, count(*)::float8 AS value FROM submission WHERE state = 'prepared' GROUP BY state
      UNION ALL SELECT state, count(*)::float8 FROM submission WHERE state IN ('sending','repeating') GROUP BY state
      UNION ALL SELECT state, count(*)::float8 FROM submission WHERE state = 'refusing' GROUP BY state
      UNION ALL SELECT state, count(*)::float8 FROM submission WHERE state IN ('unknown','undecided') GROUP BY state
      UNION ALL SELECT state, count(*)::float8 FROM submission WHERE state = 'accepted' GROUP BY state`,
  },
  {
    name: 'sluice_cases',
    help: 'Facts that fit no state and that a person has to see, by kind',
    labels: ['kind'],
    sql: `
      SELECT kind, count(*)::float8 AS value FROM submission_case GROUP BY kind
      UNION ALL SELECT CASE WHEN unreadable IS NULL THEN 'unclaimed_record' ELSE 'unreadable_record' END, count(*)::float8 FROM unclaimed_record WHERE reported_at IS NOT NULL GROUP BY 1`,
  },
  {
    name: 'sluice_breaks_open',
    help: 'Open differences between the venue’s payments and our orders',
    labels: ['kind'],
    sql: 'SELECT kind, count(*)::float8 AS value FROM break WHERE closed_at IS NULL GROUP BY kind',
  },
  {
    name: 'sluice_halts',
    help: 'Halts in force: nothing that one covers is sent to this venue',
    labels: ['reason'],
    sql: 'SELECT reason, count(*)::float8 AS value FROM halt WHERE lifted_at IS NULL GROUP BY reason',
  },
  OVERDUE_GAUGE,
] as const;
