import { type Destination, programOf, type VenueAccountDestination } from './destination.js';
import type { Amount } from './amount.js';
import { ok, refuse, type Result } from './result.js';

/**
 * Why a venue could never pay the recipient, as `field: reason`, or null: applied before the hold
 * and before each payment.
 */
export function destinationFault(venue: string, destination: Destination): string | null {
  const program = programOf(venue);
  switch (destination.type) {
    case 'address':
      if (program === 'upvest') return 'type: Upvest pays to reference accounts only';
      // The chains of our own wallet have no memo in a transfer: the money would be lost.
      return program === 'wallet' && destination.memo !== undefined
        ? 'memo: Our own wallet pays without a memo'
        : null;
    case 'venue_account':
      return accountFault(venue, destination);
    case 'reference_account':
      return program === 'upvest' ? upvestFault(destination) : null;
  }
}

/** Upvest's grammar of an amount, in EUR. */
const UPVEST_AMOUNT = /^(0|[1-9]\d{0,8})\.\d{2}$/;

/** Returns why a venue could never pay the amount; null: the venue may pay. */
export function amountFault(venue: string, amount: Amount): string | null {
  if (programOf(venue) !== 'upvest') return null;
  return amount.decimals() <= 2 && amount.isPositive() && UPVEST_AMOUNT.test(amount.toFixed(2))
    ? null
    : 'Upvest pays whole cents, up to 999999999.99';
}

export const EXAMPLE_VENUE = 'gateio';

interface AccountForm {
  readonly value: RegExp;
  /** Required for accounts with an area code, refused for all others. */
  readonly areaCode?: RegExp;
  readonly expected: string;
}

type AccountForms = { readonly [Kind in VenueAccountDestination['kind']]?: AccountForm };

/** Account formats by venue: an account in another format could never be paid. */
const ACCOUNTS: Readonly<Record<string, AccountForms>> = {
  // An int64, written digit by digit.
  gateio: { uid: { value: /^[1-9]\d{0,18}$/, expected: 'a whole number of at most 19 digits' } },
  bybit: { uid: { value: /^[1-9]\d{3,18}$/, expected: 'a whole number of 4 to 19 digits' } },
  bitmart: {
    cid: { value: /^\d{1,20}$/, expected: 'a whole number of at most 20 digits' },
    email: { value: /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/, expected: 'an e-mail address' },
    phone: {
      value: /^\d{4,20}$/,
      areaCode: /^\d{1,4}$/,
      expected: '4 to 20 digits, with 1 to 4 digits as area_code',
    },
  },
};

export function accountKindsOf(venue: string): readonly string[] {
  return Object.keys(ACCOUNTS[programOf(venue)] ?? {});
}

/** Fault of an account, as `field: reason`, or null. */
export function accountFault(
  venue: string,
  { kind, value, areaCode }: VenueAccountDestination,
): string | null {
  const form = ACCOUNTS[programOf(venue)]?.[kind];
  if (form === undefined)
    return `kind: Accounts of ${venue} are given by ${accountKindsOf(venue).join(', ') || 'nothing'}`;
  if (form.areaCode === undefined && areaCode !== undefined)
    return 'area_code: Only a phone has one';
  const isGood = form.value.test(value) && (form.areaCode?.test(areaCode ?? '') ?? true);
  return isGood ? null : `value: ${venue} takes ${form.expected} as ${kind}`;
}

type BankAccount = Extract<Destination, { type: 'reference_account' }>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** SEPA's limit is 140: our reference of 24 characters and a blank stand before the words. */
const LONGEST_WORDS = 140 - 24 - 1;

/** Returns the customer's words on a bank statement, or the reason of a refusal. */
export function remittanceWords({
  remittanceInformation = '',
}: BankAccount): Result<string, string> {
  return sepaText(remittanceInformation, LONGEST_WORDS);
}

/** Returns why Upvest pays no such bank account, as `field: reason`; null: it may be paid. */
function upvestFault(account: BankAccount): string | null {
  const ids = {
    user_id: account.userId,
    account_group_id: account.accountGroupId,
    reference_account_id: account.referenceAccountId,
  };
  const strange = Object.entries(ids).find(([, id]) => !UUID.test(id));
  if (strange) return `${strange[0]}: Input should be a UUID`;
  const { purposeCode } = account;
  if (purposeCode !== undefined && !/^[A-Z0-9]{4}$/.test(purposeCode))
    return 'purpose_code: Input should be four capital letters or digits (ISO 20022)';
  const words = remittanceWords(account);
  return words.ok ? null : `remittance_information: ${words.refusal}`;
}

/** The characters that every bank of SEPA takes (EPC217-08). */
const SEPA_TEXT = /^[a-zA-Z0-9/\-?:().,'+ ]*$/;
const REPLACED: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'Ae',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  _: '-',
};

/**
 * Words in the characters of SEPA: umlauts as two letters, other letters without accent. Refuses
 * what has no replacement.
 */
export function sepaText(words: string, longest: number): Result<string, string> {
  const text = Array.from(
    words.normalize('NFC'),
    (letter) => REPLACED[letter] ?? letter.normalize('NFD').replace(/(?<=^[a-zA-Z])\p{M}+$/u, ''),
  )
    .join('')
    .replace(/^ +| +$/g, '');
  if (!SEPA_TEXT.test(text))
    return refuse("String should have letters, digits, blanks and / - ? : ( ) . , ' + only (SEPA)");
  if (text.startsWith('/') || text.endsWith('/') || text.includes('//'))
    return refuse('String should not begin or end with / and should not contain // (SEPA)');
  return text.length > longest
    ? refuse(`String should have at most ${longest} characters`)
    : ok(text);
}
