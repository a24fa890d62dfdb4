import { HOLD_LIMITS } from '@sluice/ledger-core';
import { PLACED } from './hold-state-sql.js';

/** As many as are counted: the ids grow with time, so the oldest stand at one end of an index. */
const MOST = 10_000;

/** Holds that are placed for longer than that may last. */
export const OVERDUE_GAUGE = {
  name: 'sluice_overdue',
  help: `What is in a state for longer than that may last, by machine and state, of the ${MOST} oldest; docs/operations.md has the table`,
  labels: ['machine', 'state'],
  sql: `
    SELECT 'hold' AS machine, ${PLACED} AS state, count(*)::float8 AS value
      FROM (SELECT decided_at FROM hold WHERE state = ${PLACED} ORDER BY withdrawal_id LIMIT ${MOST}) oldest
     WHERE decided_at < clock_timestamp() - interval '${HOLD_LIMITS.placed?.minutes ?? 0} minutes' HAVING count(*) > 0`,
};
