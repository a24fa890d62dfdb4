import { ADDRESS_FAMILIES, canonicalIn } from '@sluice/kernel';
import { recipientDigest } from '@sluice/messages';
import { numberBounds, ofAccountSql, scopesSql, type ListFilter } from './page-sql.js';

/** Filters of the operators' list; undefined `states` are all. */
export interface AllFilter extends Omit<ListFilter, 'states'> {
  readonly states?: ListFilter['states'] | undefined;
}

/** A statement with its parameters. */
export interface AllStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Text that a withdrawal must have beside the filters, and the recipients at it if it is an address. */
export interface WantedText {
  readonly text: string;
  readonly digests: readonly string[];
}

/** Withdrawals that one page may look at. */
const MOST_SCANNED = 5_000;
/** Accounts and keys at each of which an index may be asked; a scan serves more. */
const MOST_SCOPES = 20_000;
/** Withdrawals to one recipient that the index may name; more are found by a scan. */
export const MOST_TO_RECIPIENT = 1_000;

/** Numbers that match, from a scan of the newest withdrawals; largest first. */
export function scanSql(filter: AllFilter, wanted: WantedText | null, limit: number): AllStatement {
  const { given, params } = parameters();
  const newestSql = newestOf(filter, '*', given);
  return {
    sql: `SELECT number::text FROM (${newestSql}) AS newest WHERE ${matchSql(filter, wanted, given)} ORDER BY newest.number DESC LIMIT ${given(limit)}`,
    params,
  };
}

/** The number at which a scan has to stop; null where it has looked at everything. */
export function scanEndSql(filter: AllFilter): AllStatement {
  const { given, params } = parameters();
  return {
    sql: `SELECT CASE WHEN count(*) = ${MOST_SCANNED} THEN min(number)::text END AS stop FROM (${newestOf(filter, 'number', given)}) AS newest`,
    params,
  };
}

/** Numbers of the newest withdrawals, without a condition that no index has. */
export function walkSql(filter: AllFilter, limit: number): AllStatement {
  const { given, params } = parameters();
  const { since, before } = filter;
  return {
    sql: `SELECT number::text FROM withdrawal WHERE ${boundsSql(filter, given)} AND requested_at >= ${given(since?.toISOString() ?? '-infinity')} AND requested_at < ${given(before?.toISOString() ?? 'infinity')}
      ORDER BY withdrawal.number DESC LIMIT ${given(limit)}`,
    params,
  };
}

/** Those of the numbers that match; largest first. */
export function amongSql(
  numbers: readonly string[],
  filter: AllFilter,
  limit: number,
): AllStatement {
  const { given, params } = parameters();
  return {
    sql: `SELECT number::text FROM withdrawal WHERE number = ANY (${given(numbers)}::bigint[]) AND ${boundsSql(filter, given)} AND ${matchSql(filter, null, given)}
      ORDER BY withdrawal.number DESC LIMIT ${given(limit)}`,
    params,
  };
}

/** The withdrawal with this number or UUID. */
export function namedSql(text: string, accountId: string | null): AllStatement {
  const { given, params } = parameters();
  const accountSql = accountId === null ? null : `${given(accountId)}::uuid`;
  const name = NAMES.find(({ form }) => form.test(text));
  const isNamed = name ? `${name.column} = ${given(text)}::${name.type}` : 'false';
  return {
    sql: `SELECT number::text FROM withdrawal WHERE ${ofAccountSql('account_id', accountSql)}${isNamed}`,
    params,
  };
}

/** Withdrawals with this client reference. */
export function referencedSql(text: string, accountId: string | null): AllStatement {
  const { given, params } = parameters();
  const accountSql = accountId === null ? null : `${given(accountId)}::uuid`;
  return {
    sql: `SELECT number::text FROM withdrawal WHERE ${ofAccountSql('account_id', accountSql)}reference_scope = ANY (ARRAY(${scopesSql(accountSql)})) AND client_reference = ${given(text)}`,
    params,
  };
}

/** True if an index by account or key would be asked too often. */
export const HAS_MANY_SCOPES = `
  SELECT count(*) > ${MOST_SCOPES} AS "isMany"
    FROM (SELECT 1 FROM account UNION ALL SELECT 1 FROM api_key LIMIT ${MOST_SCOPES + 1}) AS scope`;

const NAMES = [
  { form: /^\d{1,16}$/, column: 'number', type: 'bigint' },
  { form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, column: 'id', type: 'uuid' },
] as const;

/** Numbers of the withdrawals to these recipients, at most one more than allowed. */
export function toRecipientsSql(
  digests: readonly string[],
  accountId: string | null,
): AllStatement {
  const { given, params } = parameters();
  const ofAccount = accountId === null ? 'true' : `a.id = ${given(accountId)}::uuid`;
  return {
    sql: `SELECT w.number::text FROM account a CROSS JOIN unnest(${given(digests)}::text[]) AS d (digest), LATERAL (
      SELECT number FROM withdrawal WHERE account_id = a.id AND recipient = decode(d.digest, 'hex') LIMIT ${MOST_TO_RECIPIENT + 1}) AS w WHERE ${ofAccount} LIMIT ${MOST_TO_RECIPIENT + 1}`,
    params,
  };
}

/** Digests of the address in the spelling of each family that has such an address. */
export function recipientsAt(address: string): readonly string[] {
  const spellings = ADDRESS_FAMILIES.flatMap((family) => {
    const read = canonicalIn(family, address);
    return read.ok ? [read.value] : [];
  });
  return [...new Set(spellings)].map((one) => recipientDigest({ type: 'address', address: one }));
}

function parameters() {
  const params: unknown[] = [];
  return { params, given: (value: unknown): string => `$${params.push(value)}` };
}

type ParameterOf = (value: unknown) => string;

function newestOf(filter: AllFilter, columns: string, given: ParameterOf): string {
  return `SELECT ${columns} FROM withdrawal WHERE ${boundsSql(filter, given)} ORDER BY withdrawal.number DESC LIMIT ${MOST_SCANNED}`;
}

/** The part of the filters that the indexes by number have. */
function boundsSql(filter: AllFilter, given: ParameterOf): string {
  const { below, above } = numberBounds(filter);
  const accountSql = filter.accountId === null ? null : `${given(filter.accountId)}::uuid`;
  return `${ofAccountSql('account_id', accountSql)}number < ${given(below)}::bigint AND number > ${given(above)}::bigint`;
}

function matchSql(filter: AllFilter, wanted: WantedText | null, given: ParameterOf): string {
  const { states, currency, network, venue, clientReference, since, before } = filter;
  const conditions: readonly (readonly [sql: string, value: unknown])[] = [
    ['currency =', currency],
    ['network =', network],
    ['venue =', venue],
    ['client_reference =', clientReference],
    ['requested_at >=', since?.toISOString()],
    ['requested_at <', before?.toISOString()],
  ];
  return [
    ...conditions.flatMap(([sql, value]) =>
      value === undefined ? [] : [`${sql} ${given(value)}`],
    ),
    ...(states === undefined ? [] : [`state = ANY (${given(states)}::text[])`]),
    wanted === null ? 'true' : wantedSql(wanted, given),
  ].join(' AND ');
}

function wantedSql(wanted: WantedText, given: ParameterOf): string {
  const text = given(wanted.text);
  const isPaid = `encode(recipient, 'hex') = ANY (${given(wanted.digests)}::text[])`;
  return `(lower(tx_hash) = lower(${text}) OR venue_reference = ${text} OR client_reference = ${text} OR ${isPaid})`;
}
