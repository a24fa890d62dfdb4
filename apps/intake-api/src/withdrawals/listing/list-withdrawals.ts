import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import { PUBLIC_VIEW, type PublicStatus, type State } from '@sluice/withdrawal-core';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../../http/deadline.js';
import { COLUMNS, fromRow, type Row, type StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { IntakeConfig } from '../../settings/intake-settings.js';
import type { Direction } from './listing.dto.js';
import { type ListFilter, pageSql } from './page-sql.js';

interface ListQuery extends Omit<ListFilter, 'states' | 'accountId'> {
  readonly accountId: string;
  readonly status?: PublicStatus | undefined;
  readonly stage?: string | undefined;
  readonly limit: number;
}

/**
 * Page of withdrawals, newest first: a reader of the cursor misses no row and sees no duplicate.
 */
@Injectable()
export class ListWithdrawals {
  constructor(private readonly database: Database) {}

  /** Throws DeadlineError if the database is slow. */
  async run(query: ListQuery): Promise<Page<StoredWithdrawal>> {
    const { limit } = query;
    return mergedPage([await this.newest(query, limit + 1)], limit);
  }

  /** At most `count` newest matches. Throws DeadlineError if the database is slow. */
  async newest(
    { status, stage, ...filter }: Omit<ListQuery, 'limit'>,
    count: number,
  ): Promise<readonly StoredWithdrawal[]> {
    const states = statesOf(status, stage);
    if (states.length === 0) return [];
    const { numbersSql, params } = pageSql({ ...filter, states }, count);
    const looking = this.database.query<Row>(
      `SELECT ${COLUMNS} FROM withdrawal WHERE number = ANY (ARRAY(${numbersSql})) ORDER BY withdrawal.number DESC`,
      params,
    );
    return (await withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable')).map(fromRow);
  }
}

/** States with this status and stage. A request with a refused hold counts as never made. */
export function statesOf(status?: PublicStatus, stage?: string): readonly State[] {
  const views = Object.entries(PUBLIC_VIEW) as [State, (typeof PUBLIC_VIEW)[State]][];
  return views.flatMap(([state, view]) =>
    state !== 'rejected' &&
    (status === undefined || view.status === status) &&
    (stage === undefined || view.stage === stage)
      ? [state]
      : [],
  );
}

interface TransactionQuery extends Pick<
  ListQuery,
  'accountId' | 'status' | 'currency' | 'network' | 'below' | 'limit'
> {
  readonly direction?: Direction | undefined;
}

export type Transaction = StoredWithdrawal | TopUp;

/**
 * `GET /v1/transactions`: withdrawals and top-ups, newest first. Only the operators' account sees
 * top-ups of shared wallets.
 */
@Injectable()
export class ListTransactions {
  constructor(
    private readonly database: Database,
    private readonly withdrawals: ListWithdrawals,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'operatorsAccount'>,
  ) {}

  /** Throws DeadlineError if the database is slow. */
  async run({ direction, ...query }: TransactionQuery): Promise<Page<Transaction>> {
    const wants = (one: Direction): boolean => direction === undefined || direction === one;
    const { limit } = query;
    const lists: readonly (readonly Transaction[])[] = await Promise.all([
      wants('withdrawal') ? this.withdrawals.newest(query, limit + 1) : [],
      wants('gas_topup') ? this.topUps(query) : [],
    ]);
    return mergedPage(lists, limit);
  }

  /** All reported top-ups are final: connectors report only final top-ups. */
  private topUps({ status = 'confirmed', limit, ...filter }: TransactionQuery): Promise<TopUp[]> {
    if (status !== 'confirmed') return Promise.resolve([]);
    const ofAll = filter.accountId === this.config.operatorsAccount;
    const looking = findTopUps(this.database, { ...filter, ofAll }, limit + 1);
    return withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable');
  }
}

/** Final gas top-up of our wallet; amount as decimal text, in the network's coin. */
export interface TopUp extends Numbered {
  readonly network: string;
  readonly txHash: string;
  readonly currency: string;
  readonly decimals: number;
  readonly amount: string;
  readonly fromAddress: string;
  readonly toAddress: string;
  readonly blockNumber: string;
  readonly at: Date;
}

interface TopUpFilter {
  readonly accountId: string;
  /** Includes top-ups of shared wallets. */
  readonly ofAll: boolean;
  readonly currency?: string | undefined;
  readonly network?: string | undefined;
  readonly below?: string | undefined;
}

function findTopUps(
  database: Pick<Database, 'query'>,
  { accountId, ofAll, currency, network, below }: TopUpFilter,
  count: number,
): Promise<TopUp[]> {
  const filters = [currency ?? null, network ?? null, below ?? null];
  return database.query<TopUp>(FIND, [accountId, ofAll, ...filters, count]);
}

const NEWEST = `
  AND ($3::text IS NULL OR currency = $3) AND ($4::text IS NULL OR network = $4) AND ($5::bigint IS NULL OR number < $5)
  ORDER BY number DESC LIMIT $6`;

// Each part uses the index by account and reads only the account's rows.
const FIND = `
  WITH found AS (
    (SELECT * FROM gas_top_up WHERE account_id = $1::uuid ${NEWEST}) UNION ALL
    (SELECT * FROM gas_top_up WHERE account_id IS NULL AND $2::bool ${NEWEST}))
  SELECT number::text, f.network, tx_hash AS "txHash", f.currency, coalesce(c.decimals, 18) AS decimals, amount::text,
         from_address AS "fromAddress", to_address AS "toAddress", block_number::text AS "blockNumber", at
    FROM found f LEFT JOIN currency c ON (c.currency, c.network) = (f.currency, f.network) ORDER BY f.number DESC LIMIT $6`;

/** Row of a list, identified by the public number as decimal text. */
export interface Numbered {
  readonly number: string;
}

export interface Page<T extends Numbered> {
  readonly rows: readonly T[];
  /** Upper bound (exclusive) of the next page; null on the last page. */
  readonly nextBelow: string | null;
}

/** Newest `limit` rows of several lists, each read up to `limit + 1` rows. */
export function mergedPage<T extends Numbered>(
  lists: readonly (readonly T[])[],
  limit: number,
): Page<T> {
  const newest = lists.flat().toSorted((one, other) => (isBelow(one, other) ? 1 : -1));
  const rows = newest.slice(0, limit);
  return { rows, nextBelow: newest.length > limit ? (rows.at(-1)?.number ?? null) : null };
}

/** Numbers are unique across all rows. */
function isBelow(one: Numbered, other: Numbered): boolean {
  return BigInt(one.number) < BigInt(other.number);
}
