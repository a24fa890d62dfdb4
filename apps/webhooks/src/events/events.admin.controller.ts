import { Get, Injectable, Query, UseInterceptors } from '@nestjs/common';
import {
  AccountEventDto,
  AccountEventsQuery,
  AdminController,
  AnswersPage,
  PageOf,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { CustomerScopeInterceptor } from '../customers/customer-scope.interceptor.js';
import { firstIdSql } from './schedule-deliveries.js';

const DEFAULT_LIMIT = 50;

/** Reads the events of an account: the webhook bodies, stored even if no webhook was subscribed. */
@Injectable()
export class ShowEvents {
  constructor(private readonly database: Database) {}

  /** The newest first. */
  async list({
    limit = DEFAULT_LIMIT,
    ...query
  }: AccountEventsQuery): Promise<PageOf<AccountEventDto>> {
    const { sql, params } = eventsPage({ ...query, limit: limit + 1 });
    const rows = await this.database.query<{ id: string; body: string }>(sql, [...params]);
    const page = rows.slice(0, limit);
    const next = rows.length > limit ? (page.at(-1)?.id ?? null) : null;
    return new PageOf(
      page.map(({ body }) => JSON.parse(body) as AccountEventDto),
      next,
    );
  }
}

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

/** Events of accounts, for operators, and for intake-api on behalf of customers. */
@AdminController('events')
@UseInterceptors(CustomerScopeInterceptor)
export class EventsController {
  constructor(private readonly showing: ShowEvents) {}

  /** Lists the events of an account, newest first. */
  @Get()
  @Requires(...ROLES, 'service:intake-api')
  @AnswersPage(AccountEventDto)
  events(@Query() query: AccountEventsQuery): Promise<PageOf<AccountEventDto>> {
    return this.showing.list(query);
  }
}
