import { compareAddresses, memoFault } from '../networks/networks.js';

/** `cannot_tell`: a value is missing, masked or unreadable; such a value proves no difference. */
export type Likeness = 'same' | 'different' | 'cannot_tell';

const DIGITS = /^\d+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EMAIL = /^[^\s@*]+@[^\s@*.]+(\.[^\s@*.]+)+$/;

/**
 * Compares the recipient of an order with the recipient of a record, both as `destinationKey`.
 * `network` is the order's network; null for a recipient on no chain.
 */
export function compareRecipients(
  network: string | null,
  asked: string,
  recorded: string | null,
): Likeness {
  if (recorded === null) return 'cannot_tell';
  if (asked === recorded) return 'same';
  const [type, ...ours] = partsOf(asked);
  const [otherType, ...theirs] = partsOf(recorded);
  // A venue may record a payment to an address as a transfer between its accounts.
  if (type !== otherType) return 'cannot_tell';
  switch (type) {
    case 'address':
      return compareAddressees(network, ours, theirs);
    case 'venue_account':
      return compareAccounts(ours, theirs);
    default:
      return leastAlike(ours.map((part, index) => readable(UUID, part, theirs[index] ?? '')));
  }
}

/**
 * A record without the ordered memo may leave the memo out. On a network without memos, the text of
 * a record has no meaning.
 */
function compareAddressees(
  network: string | null,
  [address = '', memo = '']: readonly string[],
  [otherAddress = '', otherMemo = '']: readonly string[],
): Likeness {
  return leastAlike([
    compareAddresses(network, address, otherAddress),
    compareMemos(network, memo, otherMemo),
  ]);
}

function compareMemos(network: string | null, memo: string, other: string): Likeness {
  const hasNoMemos = network !== null && memoFault(network, '1') !== null;
  if (memo === other || (memo === '' && hasNoMemos)) return 'same';
  return memo === '' || other === '' ? 'cannot_tell' : 'different';
}

/** A venue may report an account under another kind, e.g. an e-mail address as a number. */
function compareAccounts(
  [kind, area = '', value = '']: readonly string[],
  [otherKind, otherArea = '', otherValue = '']: readonly string[],
): Likeness {
  if (kind !== otherKind) return 'cannot_tell';
  if (kind === 'email') return readable(EMAIL, value, otherValue);
  return readable(DIGITS, area + value, otherArea + otherValue);
}

/** Values differ only if both are readable; the case of a readable value has no meaning. */
function readable(form: RegExp, one: string, other: string): Likeness {
  if (one.toLowerCase() === other.toLowerCase()) return 'same';
  return form.test(one) && form.test(other) ? 'different' : 'cannot_tell';
}

/** `different` wins over `cannot_tell`, and `cannot_tell` over `same`. */
export function leastAlike(likenesses: readonly Likeness[]): Likeness {
  if (likenesses.includes('different')) return 'different';
  return likenesses.includes('cannot_tell') ? 'cannot_tell' : 'same';
}

function partsOf(key: string): string[] {
  return key.split(':').map(decodeURIComponent);
}
