import { currencyOf, type Amount } from '@sluice/kernel';
import type { AccountAge } from './moved-before.js';
import type { LimitName } from './limits-in-eur.js';
import type { ExceededLimit } from './sums-by-one-person.js';

/** Reason for a second person: a stable code, and a text for the first person. */
export interface TwoPeopleReason {
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

export function aboveCurrencyLimit(amount: Amount, limit: Amount): TwoPeopleReason {
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

export function youngAccount(accountId: string, age: AccountAge | null): TwoPeopleReason {
  const code = 'account_younger_than_a_day';
  if (age === null) return { code, message: `Account ${accountId} has no time of opening.` };
  const until = new Date(age.openedAt.getTime() + DAY_MS).toISOString();
  return {
    code,
    message: `Account ${accountId} was opened at ${age.openedAt.toISOString()}. Every money order takes two people until ${until}.`,
  };
}
