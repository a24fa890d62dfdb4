/** What a connector has on its way, each state by the index that its workers use, and what it has found odd. */
export const CONNECTOR_GAUGES = [
  {
    name: 'sluice_submissions',
    help: 'Submissions that have not ended, by state',
    labels: ['state'],
    sql: `
      SELECT state, count(*)::float8 AS value FROM submission WHERE state = 'prepared' GROUP BY state
      UNION ALL SELECT state, count(*)::float8 FROM submission WHERE state IN ('sending','repeating') GROUP BY state
      UNION ALL SELECT state, count(*)::float8 FROM submission WHERE state IN ('unknown','undecided') GROUP BY state
      UNION ALL SELECT state, count(*)::float8 FROM submission WHERE state = 'accepted' GROUP BY state`,
  },
  {
    name: 'sluice_cases',
    help: 'Facts that fit no state and that a person has to see, by kind',
    labels: ['kind'],
    sql: 'SELECT kind, count(*)::float8 AS value FROM submission_case GROUP BY kind',
  },
] as const;
