import type { AccountEventsQuery } from '@sluice/admin-api';
import { firstIdSql } from './delivery-id.js';

/** The statement of the newest `limit` events that the filters leave, and its parameters. Rows have `id` and `body`. */
export function eventsPage(query: AccountEventsQuery & { readonly limit: number }): {
  readonly sql: string;
  readonly params: readonly unknown[];
} {
  const filters = FILTERS.filter(([name]) => query[name] !== undefined);
  const pageSql = [
    'SELECT id, body FROM account_event WHERE account_id = $1',
    ...filters.map(([, conditionSql], n) => conditionSql.replaceAll('$', `$${n + 3}`)),
  ].join(' AND ');
  return {
    sql: `${pageSql} ORDER BY id DESC LIMIT $2`,
    params: [query.account, query.limit, ...filters.map(([name]) => query[name])],
  };
}

/** The id of an event is made of the time at which it was written, some moments after `created_at`. A stepped clock is allowed an hour. */
const SINCE_ID_SQL = firstIdSql(`$::timestamptz - interval '1 hour'`);
const BEFORE_ID_SQL = firstIdSql(`$::timestamptz + interval '1 hour'`);

/** Only what is asked for stands in the statement, so that each filter has its index; times are a range of ids as well, in every index. */
const FILTERS = [
  ['cursor', 'id < $::bigint'],
  ['event', 'event = $::text'],
  ['withdrawal_id', 'withdrawal = $::bigint'],
  ['client_reference', 'client_reference = $::text'],
  ['since', `created_at >= $::timestamptz AND id >= ${SINCE_ID_SQL}`],
  ['before', `created_at < $::timestamptz AND id < ${BEFORE_ID_SQL}`],
] as const;
