import { from } from '../rows/state-sql.js';
import { MAY_BE_PAID } from '../rows/unclaimed-sql.js';

/**
 * Work of a connector, each kind with a loop of its own: submissions to end without a send, cancel
 * requests for the venue, look-ups in the venue's records, and orders to send of a form.
 */
export type DueWork =
  'ends' | 'cancels' | 'first look-ups' | 'unknown' | 'refusals' | `orders of ${string}`;

/** Predicates of indexes: the cost does not depend on the number of ended submissions. */
const UNFINISHED = [
  "state = 'prepared'",
  "state IN ('sending','repeating')",
  "state = 'refusing'",
  "state IN ('unknown','undecided')",
  "state = 'accepted'",
];

const DUE: Readonly<Record<Exclude<DueWork, `orders of ${string}`>, string>> = {
  ends: `
      EXISTS (SELECT FROM submission WHERE state ${from('outcome_unknown')} AND lease_until < clock_timestamp())
      OR EXISTS (SELECT FROM submission s WHERE s.state ${from('withdrawn')} AND s.not_after <= clock_timestamp() AND NOT ${MAY_BE_PAID})
      OR EXISTS (SELECT FROM submission s WHERE s.state ${from('withdrawn')} AND s.cancel_state = 'wished' AND NOT ${MAY_BE_PAID})`,
  cancels: `EXISTS (SELECT FROM submission WHERE state = 'accepted' AND cancel_state = 'wished')`,
  'first look-ups': `EXISTS (SELECT FROM submission WHERE state ${from('found', ['prepared'])} AND lookup_first AND next_action_at <= clock_timestamp())`,
  unknown: `EXISTS (SELECT FROM submission WHERE state ${from('absence_proven')} AND next_action_at <= clock_timestamp())`,
  refusals: `EXISTS (SELECT FROM submission WHERE state ${from('nothing_found')} AND next_action_at <= clock_timestamp())`,
};

/**
 * Due work of all kinds in one statement; `any`: a submission has not ended. An order counts as due
 * while any order of its form waits: the worker's own query judges halts, permits and lanes.
 */
export const LOOK = `
  WITH RECURSIVE queued AS (
    (SELECT form FROM submission WHERE state = 'prepared' ORDER BY form LIMIT 1)
    UNION ALL
    SELECT (SELECT s.form FROM submission s WHERE s.state = 'prepared' AND s.form > q.form ORDER BY s.form LIMIT 1) FROM queued q WHERE q.form IS NOT NULL)
  SELECT ${UNFINISHED.map((is) => `EXISTS (SELECT FROM submission WHERE ${is})`).join(' OR ')} AS any,
         array_remove(ARRAY[${Object.entries(DUE)
           .map(([work, isDue]) => `CASE WHEN ${isDue} THEN '${work}' END`)
           .join(
             ', ',
           )}], NULL) || ARRAY(SELECT 'orders of ' || form FROM queued WHERE form IS NOT NULL) AS due`;
