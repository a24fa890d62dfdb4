import type { VenueAccountDestination } from '../destination/destination.js';
import { programOf } from '../destination/venue-names.js';

/** Venue of the examples in documents and help texts. */
export const EXAMPLE_VENUE = 'gateio';

/** Format of a venue's accounts of a given kind. */
interface AccountForm {
  readonly value: RegExp;
  /** Required for accounts with an area code, refused for all others. */
  readonly areaCode?: RegExp;
  readonly expected: string;
}

type AccountForms = { readonly [Kind in VenueAccountDestination['kind']]?: AccountForm };

/**
 * Account formats by venue, the same for each of our accounts there. An account in another format could never be paid, and is refused before
 * a hold is placed.
 */
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

/** Returns the account kinds of a venue. */
export function accountKindsOf(venue: string): readonly string[] {
  return Object.keys(ACCOUNTS[programOf(venue)] ?? {});
}

/**
 * Returns the fault in an account the venue could never accept, as `field: reason`; null for a
 * valid account.
 */
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
