import { isTerminal, type State } from '@sluice/withdrawal-core';

export interface ListFilter {
  /** Null: of every account, for operators. */
  readonly accountId: string | null;
  readonly states: readonly State[];
  readonly currency?: string | undefined;
  readonly network?: string | undefined;
  readonly venue?: string | undefined;
  readonly clientReference?: string | undefined;
  /** Inclusive lower and exclusive upper bound of the request time. */
  readonly since?: Date | undefined;
  readonly before?: Date | undefined;
  /** Exclusive upper bound of the number, as decimal text. */
  readonly below?: string | undefined;
}

interface Statement {
  /** SQL returning at most `limit` numbers, largest first. */
  readonly numbersSql: string;
  readonly params: readonly unknown[];
}

/** Format of the column's default: milliseconds since 2026, and eleven bits. */
const FIRST_NUMBER_AT = Date.UTC(2026, 0, 1);
const NUMBERS_PER_MS = 2_048;
/** Longest time between a row's time and its number: that of the inserting statement. */
const NUMBERED_WITHIN_MS = 40_000;

/**
 * Numbers of a page, without reading the whole history: a page of ended withdrawals per kind
 * (currency, network, venue, state), open ones from `open_withdrawal`, and the youngest, which
 * recovery has not scanned.
 */
export function pageSql(filter: ListFilter, limit: number): Statement {
  const params: unknown[] = [];
  const given = (value: unknown): string => `$${params.push(value)}`;
  const shared = sharedBy(filter, limit, given);
  if (filter.clientReference !== undefined)
    return { numbersSql: referencedSql(filter, shared, given), params };
  const ended = filter.states.filter(isTerminal);
  const open = filter.states.filter((state) => !isTerminal(state));
  if (filter.accountId === null && ended.length > 0)
    throw new Error('ended withdrawals of every account have no index: a scan lists them');
  const sources = [
    ...(ended.length === 0 ? [] : [endedSql(ended, shared, given)]),
    ...(open.length === 0 ? [] : openSql(open, shared, given)),
  ];
  const sourcesSql = sources.map((sourceSql) => `(${sourceSql})`).join(' UNION ');
  return { numbersSql: `${sourcesSql} ORDER BY number DESC ${shared.limitSql}`, params };
}

type Given = (value: unknown) => string;

interface Shared {
  /** Null: of every account. */
  readonly accountSql: string | null;
  readonly belowSql: string;
  readonly aboveSql: string;
  readonly requestedSql: string;
  /** On the kind: each begins with AND. */
  readonly currencySql: string;
  readonly kindSql: string;
  readonly limitSql: string;
}

function sharedBy(filter: ListFilter, limit: number, given: Given): Shared {
  const { currency, network, venue, since, before } = filter;
  const andSql = (columnSql: string, value: unknown): string =>
    value === undefined ? '' : ` AND ${columnSql} ${given(value)}`;
  const currencySql = andSql('currency =', currency);
  const bounds = numberBounds(filter);
  return {
    accountSql: filter.accountId === null ? null : `${given(filter.accountId)}::uuid`,
    belowSql: `${given(bounds.below)}::bigint`,
    aboveSql: `${given(bounds.above)}::bigint`,
    requestedSql:
      andSql('requested_at >=', since?.toISOString()) +
      andSql('requested_at <', before?.toISOString()),
    currencySql,
    kindSql: currencySql + andSql('network =', network) + andSql('venue =', venue),
    limitSql: `LIMIT ${given(limit)}`,
  };
}

/** Exclusive bounds of the numbers, by cursor and request times. */
export function numberBounds({
  below,
  since,
  before,
}: Pick<ListFilter, 'below' | 'since' | 'before'>): {
  readonly below: string;
  readonly above: string;
} {
  return {
    below: lowest(below, before && numberAt(before, NUMBERED_WITHIN_MS)),
    above: since === undefined ? '-1' : numberAt(since, -1),
  };
}

/** Returns the smallest number possible at `moment` plus `laterMs`. */
function numberAt(moment: Date, laterMs: number): string {
  return String((moment.getTime() + laterMs - FIRST_NUMBER_AT) * NUMBERS_PER_MS);
}

const LARGEST = String(Number.MAX_SAFE_INTEGER);

function lowest(...numbers: readonly (string | undefined)[]): string {
  return numbers
    .flatMap((number) => number ?? [])
    .reduce((least, number) => (BigInt(number) < BigInt(least) ? number : least), LARGEST);
}

/** Condition on the account, followed by AND; empty for every account. */
export function ofAccountSql(columnSql: string, accountSql: string | null): string {
  return accountSql === null ? '' : `${columnSql} = ${accountSql} AND `;
}

/** Scopes of references: an account, and each of its keys. */
export function scopesSql(accountSql: string | null): string {
  return accountSql === null
    ? 'SELECT id::text FROM account UNION SELECT key_id FROM api_key'
    : `SELECT ${accountSql}::text UNION SELECT key_id FROM api_key WHERE account_id = ${accountSql}`;
}

/** A reference is good once for a key, or for the account: however long the history, it finds as many rows as the account has keys. */
function referencedSql(
  { states, clientReference }: ListFilter,
  { accountSql, belowSql, aboveSql, requestedSql, kindSql, limitSql }: Shared,
  given: Given,
): string {
  return `SELECT number FROM withdrawal
     WHERE reference_scope = ANY (ARRAY(${scopesSql(accountSql)}))
       AND client_reference = ${given(clientReference)} AND ${ofAccountSql('account_id', accountSql)}
       state = ANY (${given(states)}::text[]) AND number < ${belowSql} AND number > ${aboveSql}${requestedSql}${kindSql}
     ORDER BY number DESC ${limitSql}`;
}

function endedSql(states: readonly State[], shared: Shared, given: Given): string {
  const { belowSql, aboveSql, requestedSql, kindSql, limitSql } = shared;
  return `WITH RECURSIVE kind AS (${kindsSql(shared)})
    SELECT newest.number FROM kind, LATERAL (
      SELECT e.number FROM ended_withdrawal e
       WHERE (e.account_id, e.currency, e.network, e.venue, e.state) = (kind.account_id, kind.currency, kind.network, kind.venue, kind.state)
         AND e.number < ${belowSql} AND e.number > ${aboveSql}${requestedSql}
       ORDER BY e.number DESC ${limitSql}) AS newest
     WHERE kind.state = ANY (${given(states)}::text[])${kindSql}`;
}

/** Columns of a kind before the number, in the order of the key. */
const KIND = 'account_id, currency, network, venue, state';

/** Steps from each kind of the account to the next kind: as many index lookups as kinds. */
function kindsSql({ accountSql, currencySql }: Pick<Shared, 'accountSql' | 'currencySql'>): string {
  // Beside an equality, a row comparison would start at the column's first row.
  const fixed = currencySql === '' ? 1 : 2;
  const wantedSql = `${ofAccountSql('account_id', accountSql)}true${currencySql}`;
  const rest = KIND.split(', ').slice(fixed);
  const nextSql = (afterSql: string): string =>
    `SELECT ${KIND} FROM ended_withdrawal WHERE ${wantedSql}${afterSql} ORDER BY ${KIND} LIMIT 1`;
  const afterSql = ` AND (${rest.join(', ')}) > (${rest.map((column) => `kind.${column}`).join(', ')})`;
  return `(${nextSql('')}) UNION ALL SELECT following.* FROM kind, LATERAL (${nextSql(afterSql)}) AS following`;
}

function openSql(states: readonly State[], shared: Shared, given: Given): readonly string[] {
  const { accountSql, belowSql, aboveSql, requestedSql, kindSql, limitSql } = shared;
  const wantedSql = `state = ANY (${given(states)}::text[])${requestedSql}${kindSql}`;
  return [
    `SELECT o.number FROM open_withdrawal o JOIN withdrawal w USING (id)
      WHERE ${ofAccountSql('o.account_id', accountSql)}o.number < ${belowSql} AND o.number > ${aboveSql} AND ${wantedSql}
      ORDER BY o.number DESC ${limitSql}`,
    `SELECT number FROM withdrawal
      WHERE ${ofAccountSql('account_id', accountSql)}number < ${belowSql} AND number > greatest(${aboveSql}, (SELECT scanned_to FROM recovery)) AND ${wantedSql}
      ORDER BY number DESC ${limitSql}`,
  ];
}
