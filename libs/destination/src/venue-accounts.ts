import type { VenueAccountDestination } from './destination.js';

/** How a venue writes an account of one kind. */
interface AccountForm {
  readonly value: RegExp;
  /** Asked for with such an account, and with no other. */
  readonly areaCode?: RegExp;
  readonly expected: string;
}

type AccountForms = { readonly [Kind in VenueAccountDestination['kind']]?: AccountForm };

/** The accounts that venues know. What does not fit here could never be paid there, so it is refused before anything is held. */
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

/** Of which kinds the accounts of a venue are. */
export function accountKindsOf(venue: string): readonly string[] {
  return Object.keys(ACCOUNTS[venue] ?? {});
}

/** What the venue could never take in an account, as `field: reason`; null when nothing is wrong with it. */
export function accountFault(
  venue: string,
  { kind, value, areaCode }: VenueAccountDestination,
): string | null {
  const form = ACCOUNTS[venue]?.[kind];
  if (form === undefined)
    return `kind: Accounts of ${venue} are given by ${accountKindsOf(venue).join(', ') || 'nothing'}`;
  if (form.areaCode === undefined && areaCode !== undefined)
    return 'area_code: Only a phone has one';
  const isGood = form.value.test(value) && (form.areaCode?.test(areaCode ?? '') ?? true);
  return isGood ? null : `value: ${venue} takes ${form.expected} as ${kind}`;
}
