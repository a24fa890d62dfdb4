import { Injectable } from '@nestjs/common';
import {
  asWritten,
  type DatedRow,
  LISTED_WITHDRAWAL,
  PageOf,
  type WithdrawalListQuery,
  type WithdrawalRowDto,
} from '@sluice/http-api';
import { Database, selectedByName } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { PUBLIC_VIEW, type State, isTerminal } from '@sluice/withdrawal-core';
import {
  type AllFilter,
  type AllStatement,
  amongSql,
  HAS_MANY_SCOPES,
  MOST_TO_RECIPIENT,
  namedSql,
  recipientsAt,
  referencedSql,
  scanEndSql,
  scanSql,
  toRecipientsSql,
  walkSql,
  type WantedText,
} from './all-withdrawals-sql.js';
import { mergedPage, type Page } from './list-withdrawals.js';
import { pageSql } from './page-sql.js';

const DEFAULT_LIMIT = 50;
const LISTED = selectedByName(LISTED_WITHDRAWAL);
/** States with an end in `ended_withdrawal`, and open states. */
const LISTED_STATES = (Object.keys(PUBLIC_VIEW) as State[]).filter((one) => one !== 'rejected');

const COUNTED_FOR_MS = 60_000;

type Listed = Omit<WithdrawalRowDto, 'status' | 'stage'>;

/** Numbers of a page, and the number below which the next page begins. */
type Numbers = Page<{ readonly number: string }>;

/**
 * Withdrawals of all accounts, newest first. A page is read by an index where one has the filter:
 * by number, by account and kind, by reference, or by recipient. Another page is a scan of the newest
 * withdrawals below the cursor: it is bounded, so that it may be short although others follow.
 */
@Injectable()
export class AllWithdrawals {
  private scopes: { readonly isMany: boolean; readonly until: number } | null = null;

  constructor(private readonly database: Database) {}

  async list(query: WithdrawalListQuery): Promise<PageOf<WithdrawalRowDto>> {
    const limit = query.limit ?? DEFAULT_LIMIT;
    const { rows, nextBelow } = await this.numbersOf(filterOf(query), query.q, limit);
    const found = await this.database.query<DatedRow<Listed>>(
      `SELECT ${LISTED} FROM withdrawal WHERE number = ANY ($1::bigint[]) ORDER BY withdrawal.number DESC`,
      [rows.map(({ number }) => number)],
    );
    return new PageOf(found.map(viewed), nextBelow);
  }

  private async numbersOf(
    filter: AllFilter,
    text: string | undefined,
    limit: number,
  ): Promise<Numbers> {
    if (text !== undefined) return this.search(text, filter, limit);
    const { states, currency, network, venue, clientReference } = filter;
    const isOfKind = [states, currency, network, venue, clientReference].some(Boolean);
    if (!isOfKind) return this.page(walkSql(filter, limit + 1), limit);
    const wanted = states ?? LISTED_STATES;
    if (await this.isScanned(filter, wanted))
      return this.scan({ ...filter, states: wanted }, null, limit);
    const { numbersSql, params } = pageSql({ ...filter, states: wanted }, limit + 1);
    return this.page({ sql: `SELECT number::text FROM (${numbersSql}) AS n`, params }, limit);
  }

  /** True where no index has the filter, or an index would be asked for each account. */
  private async isScanned(
    { accountId, clientReference }: AllFilter,
    states: readonly State[],
  ): Promise<boolean> {
    if (clientReference !== undefined) return accountId === null && (await this.hasManyScopes());
    return states.includes('rejected') || (accountId === null && states.some(isTerminal));
  }

  /** By an index if one has the text; else by a scan, for a transaction hash or a venue's reference. */
  private async search(text: string, filter: AllFilter, limit: number): Promise<Numbers> {
    const { accountId } = filter;
    const digests = recipientsAt(text);
    const isIndexed = accountId !== null || !(await this.hasManyScopes());
    const [named, referenced, paid] = await Promise.all([
      this.ask(namedSql(text, accountId)),
      isIndexed ? this.ask(referencedSql(text, accountId)) : [],
      isIndexed ? this.ask(toRecipientsSql(digests, accountId)) : [],
    ]);
    const numbers = [...named, ...referenced, ...paid].map(({ number }) => number);
    const isScanned = numbers.length === 0 || paid.length > MOST_TO_RECIPIENT;
    return isScanned
      ? this.scan(filter, { text, digests }, limit)
      : this.page(amongSql(numbers, filter, limit + 1), limit);
  }

  private async scan(
    filter: AllFilter,
    wanted: WantedText | null,
    limit: number,
  ): Promise<Numbers> {
    const found = await this.page(scanSql(filter, wanted, limit + 1), limit);
    if (found.nextBelow !== null) return found;
    const { sql, params } = scanEndSql(filter);
    const [end] = await this.database.query<{ stop: string | null }>(sql, params);
    return { ...found, nextBelow: lowest(end?.stop ?? null, found.rows.at(-1)?.number) };
  }

  private async page(statement: AllStatement, limit: number): Promise<Numbers> {
    return mergedPage([await this.ask(statement)], limit);
  }

  private ask({ sql, params }: AllStatement): Promise<{ readonly number: string }[]> {
    return this.database.query<{ number: string }>(sql, params);
  }

  private async hasManyScopes(): Promise<boolean> {
    const now = monotonicMs();
    if (this.scopes !== null && this.scopes.until > now) return this.scopes.isMany;
    const [row] = await this.database.query<{ isMany: boolean }>(HAS_MANY_SCOPES, []);
    this.scopes = { isMany: row?.isMany ?? true, until: now + COUNTED_FOR_MS };
    return this.scopes.isMany;
  }
}

/** Withdrawals that came between the statements of a scan move its end up, above what was found. */
function lowest(stop: string | null, found: string | undefined): string | null {
  if (stop === null || found === undefined) return stop;
  return BigInt(found) < BigInt(stop) ? found : stop;
}

/** Adds the public status to a row. */
export function viewed<D extends Listed>(row: DatedRow<D>) {
  const shown = asWritten(row);
  return { ...shown, ...PUBLIC_VIEW[shown.state] };
}

function filterOf(query: WithdrawalListQuery): AllFilter {
  const { account_id: accountId, state, requested_since: since, requested_before: before } = query;
  return {
    accountId: accountId ?? null,
    states: state ?? undefined,
    currency: query.currency ?? undefined,
    network: query.network ?? undefined,
    venue: query.venue ?? undefined,
    clientReference: query.client_reference ?? undefined,
    since: since ? new Date(since) : undefined,
    before: before ? new Date(before) : undefined,
    below: query.cursor ?? undefined,
  };
}
