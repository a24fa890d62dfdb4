import type { AccountEventsQuery } from '@sluice/http-api';
import { firstIdSql } from './delivery-id.js';

/**
 * Builds the statement for the newest `limit` events within the filters, and the parameters. Rows
 * have `id` and `body`.
 */
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

/**
 * Event ids derive from the write time, some moments after `created_at`. The id range allows an
 * hour for clock steps.
 */
const SINCE_ID_SQL = firstIdSql(`$::timestamptz - interval '1 hour'`);
const BEFORE_ID_SQL = firstIdSql(`$::timestamptz + interval '1 hour'`);

/**
 * SQL conditions by filter. The statement contains only requested filters: each filter uses a
 * separate index. Time filters are also id ranges, covered by every index.
 */
const FILTERS = [
  ['cursor', 'id < $::bigint'],
  ['event', 'event = $::text'],
  ['withdrawal_id', 'withdrawal = $::bigint'],
  ['client_reference', 'client_reference = $::text'],
  ['since', `created_at >= $::timestamptz AND id >= ${SINCE_ID_SQL}`],
  ['before', `created_at < $::timestamptz AND id < ${BEFORE_ID_SQL}`],
] as const;
