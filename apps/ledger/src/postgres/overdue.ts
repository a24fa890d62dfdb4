import { HOLD_LIMITS } from '@sluice/ledger-core';
import { PLACED } from '../sql/hold-state-sql.js';

/** Most holds counted. Ids grow with time: the oldest holds are at the same end of the index. */
const MOST = 10_000;

export const OVERDUE_GAUGE = {
  name: 'sluice_overdue',
  help: `What is in a state for longer than that may last, by machine and state, of the ${MOST} oldest; docs/operations/monitoring.md has the table`,
  labels: ['machine', 'state'],
  sql: `
    SELECT 'hold' AS machine, ${PLACED} AS state, count(*)::float8 AS value
      FROM (SELECT decided_at FROM hold WHERE state = ${PLACED} ORDER BY withdrawal_id LIMIT ${MOST}) oldest
     WHERE decided_at < clock_timestamp() - interval '${HOLD_LIMITS.placed?.minutes ?? 0} minutes' HAVING count(*) > 0`,
};
