import { Amount, type Asset, currencyOf, isDecimalText, worthInEur } from '@sluice/kernel';
import type { JournalEntry } from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';
import { isSamePersonName } from '@sluice/service-shell';
import {
  DEFAULT_LIMITS_IN_EUR,
  eur,
  exceededLimit,
  type ExceededLimit,
  type LimitName,
  type LimitsInEur,
  type MovedBefore,
} from './limits-in-eur.js';

/** Limit by currency; other currencies keep the built-in limit. */
type LoweredLimits = Readonly<Record<string, string>>;

export interface OnePersonSettings {
  readonly byCurrency: LoweredLimits;
  readonly inEur: LimitsInEur;
}

export const DEFAULT_SETTINGS: OnePersonSettings = {
  byCurrency: {},
  inEur: DEFAULT_LIMITS_IN_EUR,
};

type Moving = Pick<JournalEntry, 'postings'>;

/**
 * Reads ONE_PERSON_LIMITS: `{"USDT": "50000"}`. Throws with the expected format, also above a
 * built-in limit.
 */
export function readLimits(value: unknown): LoweredLimits {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('must be a JSON object of currency → amount');
  for (const [currency, amount] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    const builtIn = BUILT_IN_LIMITS[currency];
    if (builtIn === undefined)
      throw new Error(`${currency}: must be one of ${Object.keys(BUILT_IN_LIMITS).join(', ')}`);
    if (typeof amount !== 'string' || !isDecimalText(amount))
      throw new Error(`${currency}: must be a decimal amount as text`);
    const of = (text: string) => Amount.of(text, 'ANY.-');
    if (of(builtIn).lessThan(of(amount)))
      throw new Error(
        `${currency}: must be at most ${builtIn}: a limit is made lower by a setting, and higher by a release alone`,
      );
  }
  return value as LoweredLimits;
}

export class OnePersonLimits {
  constructor(private readonly settings: OnePersonSettings) {}

  /** Reason for a second person; null, with the lock of the sums, if the person may book alone. */
  async reasonForTwo(
    tx: Tx,
    entry: Pick<JournalEntry, 'accountId' | 'postings'>,
    person: string,
  ): Promise<TwoPeopleReason | null> {
    const worth = this.worthOrReason(entry);
    if (!(worth instanceof Amount)) return worth;
    const { accountId } = entry;
    const age = await ageOf(tx, accountId);
    if (age === null || age.isYoung) return youngAccount(accountId, age);
    const before = await movedBefore(tx, person, accountId);
    const exceeded = exceededLimit(worth, before, this.settings.inEur);
    return exceeded && aboveLimitInEur(exceeded, { person, accountId });
  }

  /** Returns the worth in EUR of an entry within the limits by currency; otherwise the reason. */
  worthOrReason({ postings }: Moving): Amount | TwoPeopleReason {
    const moved = new Map<Asset, Amount>();
    for (const { amount } of postings)
      if (!amount.isNegative())
        moved.set(amount.asset, moved.get(amount.asset)?.plus(amount) ?? amount);
    let total = eur('0');
    for (const amount of moved.values()) {
      const limit = this.of(amount.asset);
      const worth = worthInEur(amount);
      if (worth === null || limit.lessThan(amount)) return aboveCurrencyLimit(amount, limit);
      total = total.plus(worth);
    }
    return total;
  }

  private of(asset: Asset): Amount {
    const currency = currencyOf(asset);
    return Amount.of(this.settings.byCurrency[currency] ?? BUILT_IN_LIMITS[currency] ?? '0', asset);
  }
}

/**
 * Limits of one person's call by currency; other currencies always need two people. Only a release
 * raises them.
 */
const BUILT_IN_LIMITS: Readonly<Record<string, string>> = {
  USDT: '1000000',
  USDC: '1000000',
  TRX: '5000000',
  XRP: '500000',
  ETH: '300',
  BTC: '10',
  EUR: '1000000',
};

/** Reason for a second person: a stable code, and a text for the first person. */
interface TwoPeopleReason {
  readonly code: 'above_one_person_limit' | 'account_younger_than_a_day';
  readonly message: string;
}

const DAY_MS = 86_400_000;

const SUM_OF: Readonly<Record<Exclude<LimitName, 'call'>, string>> = {
  person_hour: 'by this person within an hour',
  person_day: 'by this person within a day',
  account_hour: 'for this account within an hour',
  account_day: 'for this account within a day',
  total_hour: 'by single persons within an hour',
  total_day: 'by single persons within a day',
};

function aboveCurrencyLimit(amount: Amount, limit: Amount): TwoPeopleReason {
  const currency = currencyOf(amount.asset);
  const message = limit.isZero()
    ? `One person has no limit for ${currency}: every money order in ${currency} takes two people.`
    : `The order moves ${amount.toString()} ${currency}. One person may move at most ${limit.toString()} ${currency} per call.`;
  return { code: 'above_one_person_limit', message };
}

export function aboveLimitInEur(
  { name, limit, before, added, freesAt }: ExceededLimit,
  { person, accountId }: { readonly person: string; readonly accountId: string },
): TwoPeopleReason {
  const order = `The order of ${person} for account ${accountId} is worth ${added.toString()} EUR`;
  const code = 'above_one_person_limit';
  if (name === 'call')
    return { code, message: `${order}. One person may move at most ${limit} EUR per call (call).` };
  const frees =
    freesAt === null
      ? ''
      : ` The oldest of these orders leaves the sum at ${freesAt.toISOString()}.`;
  return {
    code,
    message: `${order}, after ${before.toString()} EUR ${SUM_OF[name]}. The limit is ${limit} EUR (${name}).${frees}`,
  };
}

function youngAccount(accountId: string, age: AccountAge | null): TwoPeopleReason {
  const code = 'account_younger_than_a_day';
  if (age === null) return { code, message: `Account ${accountId} has no time of opening.` };
  const until = new Date(age.openedAt.getTime() + DAY_MS).toISOString();
  return {
    code,
    message: `Account ${accountId} was opened at ${age.openedAt.toISOString()}. Every money order takes two people until ${until}.`,
  };
}

interface MovedRow extends Omit<MovedBefore, 'amount' | 'asset' | 'is_of_person'> {
  readonly asset: Asset;
  readonly amount: string;
  readonly ordered_by: string;
}

interface AccountAge {
  readonly openedAt: Date;
  readonly isYoung: boolean;
}

/** Returns the age of an account; null for an unknown account. */
async function ageOf(tx: Tx, accountId: string): Promise<AccountAge | null> {
  const [row] = await tx.query<{ opened_at: Date; is_young: boolean }>(AGE, [accountId]);
  return row ? { openedAt: row.opened_at, isYoung: row.is_young } : null;
}

/** Sums of one person's orders of the last day, under a lock until the end of the transaction. */
async function movedBefore(
  tx: Tx,
  person: string,
  accountId: string,
): Promise<readonly MovedBefore[]> {
  await tx.query(LOCK);
  const rows = await tx.query<MovedRow>(MOVED, [accountId]);
  return rows.map(({ ordered_by: orderedBy, ...row }) => ({
    ...row,
    amount: Amount.of(row.amount, row.asset),
    is_of_person: isSamePersonName(orderedBy, person),
  }));
}

const AGE = `
  SELECT opened_at, opened_at > statement_timestamp() - interval '1 day' AS is_young FROM account WHERE id = $1`;

const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('money orders by one person', 0))`;

// The statement starts after the lock is taken, so it sees every order that was counted before.
const MOVED = `
  SELECT p.asset, sum(p.amount)::text AS amount, o.ordered_by, e.account_id = $1 AS is_of_account,
         o.ordered_at > statement_timestamp() - interval '1 hour' AS is_in_hour, min(o.ordered_at) AS oldest_at
    FROM money_order o
    JOIN journal_entry e ON e.id = o.entry_id
    JOIN posting p ON p.entry_id = o.entry_id AND p.amount > 0
   WHERE o.approved_by IS NULL AND o.ordered_at > statement_timestamp() - interval '1 day'
   GROUP BY 1, 3, 4, 5`;
