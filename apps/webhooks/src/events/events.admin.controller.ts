import { Get, Injectable, Query, UseInterceptors } from '@nestjs/common';
import {
  AccountEventDto,
  AccountEventsQuery,
  AdminController,
  AnswersPage,
  PageOf,
  Requires,
  ROLES,
  WEBHOOK_EVENTS,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { CustomerScopeInterceptor } from '../customers/customer-scope.interceptor.js';
import { CREATED_EVENT } from './event-body.js';
import { firstPositionSql } from './schedule-deliveries.js';

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
    const rows = await this.database.query<LoggedRow>(sql, [...params]);
    const page = rows.slice(0, limit);
    const next = rows.length > limit ? (page.at(-1)?.position ?? null) : null;
    return new PageOf(page.map(eventDto), next);
  }
}

interface LoggedRow {
  readonly position: string;
  readonly body: string;
}

/** The body has the number of a delivery; an event of the account has its own. */
function eventDto({ position, body }: LoggedRow): AccountEventDto {
  return { ...(JSON.parse(body) as AccountEventDto), id: Number(position) };
}

/**
 * Builds the statement for the newest `limit` events within the filters, and the parameters. Rows
 * have `position` and `body`.
 */
export function eventsPage(query: AccountEventsQuery & { readonly limit: number }): {
  readonly sql: string;
  readonly params: readonly unknown[];
} {
  const { account, limit, event } = query;
  const params: unknown[] = [account, limit, event === undefined ? LOGGED_EVENTS : [event]];
  const conditionsOf = (filters: typeof FILTERS | typeof OF_WITHDRAWAL) =>
    filters
      .filter(([name]) => query[name] !== undefined)
      .map(([name, conditionSql]) => conditionSql.replaceAll('?', `$${params.push(query[name])}`));
  const rangeSql = ['account_id = $1', 'in_log', ...conditionsOf(FILTERS)].join(' AND ');
  const withdrawalSql = conditionsOf(OF_WITHDRAWAL).join(' AND ');
  const sql =
    withdrawalSql === ''
      ? `SELECT page.* FROM unnest($3::text[]) AS n (name) CROSS JOIN LATERAL (
           SELECT position, body FROM delivery WHERE event = n.name AND ${rangeSql} ORDER BY delivery.position DESC LIMIT $2) AS page
          ORDER BY page.position DESC LIMIT $2`
      : `SELECT position, body FROM (SELECT * FROM delivery WHERE ${withdrawalSql} OFFSET 0) AS d
          WHERE event = ANY ($3::text[]) AND ${rangeSql} ORDER BY d.position DESC LIMIT $2`;
  return { sql, params };
}

/** Every event of the log: each has a range of its own in the index. */
const LOGGED_EVENTS: readonly string[] = [...WEBHOOK_EVENTS, CREATED_EVENT];

/**
 * Positions derive from the time of storing, some moments after the step. The range allows an hour
 * for clock steps.
 */
const SINCE_SQL = firstPositionSql(`?::timestamptz - interval '1 hour'`);
const BEFORE_SQL = firstPositionSql(`?::timestamptz + interval '1 hour'`);

/** SQL conditions by filter. The statement contains only requested filters. */
const FILTERS = [
  ['cursor', 'position < ?::bigint'],
  ['since', `created_at >= ?::timestamptz AND position >= ${SINCE_SQL}`],
  ['before', `created_at < ?::timestamptz AND position < ${BEFORE_SQL}`],
] as const;

/** A withdrawal has few events: they are found first. */
const OF_WITHDRAWAL = [
  ['withdrawal_id', 'withdrawal = ?::bigint'],
  [
    'client_reference',
    'withdrawal IN (SELECT n.withdrawal FROM delivery n WHERE n.account_id = $1 AND n.client_reference = ?::text)',
  ],
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
