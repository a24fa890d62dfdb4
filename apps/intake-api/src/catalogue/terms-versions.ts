import type { AddressFamily } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';

/** Version with requester and approver; null for initial terms. */
export interface RecordedVersion extends Versioned {
  readonly recordedAt: Date | null;
  readonly requestedBy: string | null;
  readonly approvedBy: string | null;
}

export interface NetworkVersion extends RecordedVersion {
  readonly network: string;
  readonly family: AddressFamily;
  readonly active: boolean;
}

/** Amounts are decimal text, in units of the currency. */
export interface CurrencyVersion extends RecordedVersion {
  readonly currency: string;
  readonly network: string;
  readonly name: string;
  readonly contractAddress: string | null;
  readonly decimals: number;
  readonly active: boolean;
  /** Accounts without terms of their own may withdraw the currency. */
  readonly openToAll: boolean;
  readonly minWithdrawalAmount: string;
  readonly withdrawalFeeFlat: string;
  readonly withdrawalFeePercent: string;
  /** Value of a unit in EUR, for a currency without a ceiling in the release. */
  readonly unitWorthEur: string | null;
}

/** Null fields inherit the currency's value. */
export interface AccountVersion extends RecordedVersion {
  readonly accountId: string;
  readonly currency: string;
  readonly network: string;
  readonly withdrawalEnabled: boolean;
  readonly minWithdrawalAmount: string | null;
  readonly withdrawalFeeFlat: string | null;
  readonly withdrawalFeePercent: string | null;
}

type Source = Pick<Tx, 'query'>;

/** `current`: in force or future; `all`: the whole history. */
type Which = 'current' | 'all';

export function networkVersions(source: Source, which: Which): Promise<NetworkVersion[]> {
  return source.query(versionsSql(NETWORKS, 'network', which));
}

export function currencyVersions(source: Source, which: Which): Promise<CurrencyVersion[]> {
  return source.query(versionsSql(CURRENCIES, 'currency, network', which));
}

export function accountVersions(
  source: Source,
  accountId: string,
  which: Which,
): Promise<AccountVersion[]> {
  return source.query(versionsSql(ACCOUNT, 'currency, network', which), [accountId]);
}

const BEGAN =
  '0 AS version, NULL::timestamptz AS "effectiveAt", NULL::timestamptz AS "recordedAt", NULL AS "requestedBy", NULL AS "approvedBy"';
const VERSION =
  'version, effective_at AS "effectiveAt", recorded_at AS "recordedAt", requested_by AS "requestedBy", approved_by AS "approvedBy"';
const PRICE =
  'min_withdrawal_amount AS "minWithdrawalAmount", withdrawal_fee_flat AS "withdrawalFeeFlat", withdrawal_fee_percent AS "withdrawalFeePercent"';
const CURRENCY = `name, contract_address AS "contractAddress", decimals, active, ${PRICE}`;
const OWN = `account_id AS "accountId", currency, network, withdrawal_enabled AS "withdrawalEnabled", ${PRICE}`;

const NETWORKS = `
  SELECT code AS network, family, active, ${BEGAN} FROM network
  UNION ALL
  SELECT t.network, n.family, t.active, ${VERSION} FROM network_terms t JOIN network n ON n.code = t.network`;

const CURRENCIES = `
  SELECT currency, network, ${CURRENCY}, false AS "openToAll", NULL::numeric AS "unitWorthEur", ${BEGAN} FROM currency
  UNION ALL
  SELECT currency, network, ${CURRENCY}, open_to_all, unit_worth_eur, ${VERSION} FROM currency_terms`;

const ACCOUNT = `
  SELECT ${OWN}, ${BEGAN} FROM account_currency WHERE account_id = $1
  UNION ALL
  SELECT ${OWN}, ${VERSION} FROM account_terms WHERE account_id = $1`;

/** Processes may read the database's clock with a delay of up to a minute. */
const NOT_OVER = `until IS NULL OR until > clock_timestamp() - interval '1 minute'`;

function versionsSql(allSql: string, subjectSql: string, which: Which): string {
  const keptSql = which === 'all' ? 'true' : NOT_OVER;
  return `
    SELECT * FROM (
      SELECT v.*, lead("effectiveAt") OVER (PARTITION BY ${subjectSql} ORDER BY "effectiveAt" NULLS FIRST, version) AS until
        FROM (${allSql}) AS v) AS w
     WHERE ${keptSql} ORDER BY ${subjectSql}, "effectiveAt" NULLS FIRST, version`;
}

export interface Versioned {
  /** Counted from 1; 0 is the initial version. */
  readonly version: number;
  /** Effective time by the database's clock; null: in force from the beginning. */
  readonly effectiveAt: Date | null;
}

/** Version with the latest effective time already begun; the newest among equal times. */
export function inForceAt<V extends Versioned>(versions: readonly V[], at: Date): V | null {
  const begun = versions.filter((version) => beginOf(version) <= at.getTime());
  return begun.reduce<V | null>(
    (latest, version) => (latest === null || isAfter(version, latest) ? version : latest),
    null,
  );
}

/** Next effective time after the given moment in milliseconds; Infinity if none is scheduled. */
export function nextBeginAfter(versions: readonly Versioned[], at: Date): number {
  const coming = versions.map(beginOf).filter((begin) => begin > at.getTime());
  return Math.min(...coming, Infinity);
}

/** A version replaced by a newer one with the same effective time never comes into force. */
export function stateOf<V extends Versioned>(
  version: V,
  versions: readonly V[],
  at: Date,
): 'coming' | 'in_force' | 'over' | 'replaced' {
  const isReplaced = versions.some(
    (other) => beginOf(other) === beginOf(version) && other.version > version.version,
  );
  if (isReplaced) return 'replaced';
  if (beginOf(version) > at.getTime()) return 'coming';
  return inForceAt(versions, at) === version ? 'in_force' : 'over';
}

function isAfter(one: Versioned, other: Versioned): boolean {
  const [begin, otherBegin] = [beginOf(one), beginOf(other)];
  return begin === otherBegin ? one.version > other.version : begin > otherBegin;
}

function beginOf({ effectiveAt }: Versioned): number {
  return effectiveAt?.getTime() ?? -Infinity;
}
