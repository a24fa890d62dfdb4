import { canonicalAddress, compareAddresses, foldedAddress, memoFault } from './networks.js';

/** The type decides the venues and the endpoint. */
export type Destination =
  AddressDestination | VenueAccountDestination | ReferenceAccountDestination;

interface AddressDestination {
  readonly type: 'address';
  readonly address: string;
  /** Destination tag or memo, on chains with memos. */
  readonly memo?: string;
}

/** User of the paying venue. */
export interface VenueAccountDestination {
  readonly type: 'venue_account';
  readonly kind: 'uid' | 'cid' | 'email' | 'phone';
  readonly value: string;
  /** Country calling code; phones only. */
  readonly areaCode?: string;
}

/** Bank account known to the venue by reference. */
interface ReferenceAccountDestination {
  readonly type: 'reference_account';
  readonly userId: string;
  readonly accountGroupId: string;
  readonly referenceAccountId: string;
  readonly remittanceInformation?: string;
  readonly purposeCode?: string;
}

/** Returns whether both destinations are equal in every field, free text included. */
export function isSameDestination(one: Destination, other: Destination): boolean {
  const text = (destination: Destination) => JSON.stringify(Object.entries(destination).sort());
  return text(one) === text(other);
}

/**
 * Recipient as a single text for every kind of destination, for clients limited to `to_address`. An
 * address is shown as the customer spelled it.
 */
export function recipientText({
  destination,
  givenAddress,
}: {
  readonly destination: Destination;
  readonly givenAddress?: string;
}): string {
  switch (destination.type) {
    case 'address':
      return givenAddress ?? destination.address;
    case 'venue_account':
      return destination.value;
    case 'reference_account':
      return destination.referenceAccountId;
  }
}

/**
 * Returns one text per recipient: equal texts mean the same recipient. Free text sent with the
 * payment is not part of the key.
 */
export function destinationKey(destination: Destination): string {
  switch (destination.type) {
    case 'address':
      return joined('address', foldedAddress(destination.address), destination.memo ?? '');
    case 'venue_account':
      return joined(
        'venue_account',
        destination.kind,
        destination.areaCode ?? '',
        destination.value,
      );
    case 'reference_account':
      return joined(
        'reference_account',
        destination.userId,
        destination.accountGroupId,
        destination.referenceAccountId,
      );
  }
}

function joined(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join(':');
}

/** Venues with an API. Each venue has a program, and each of its accounts a connector with topics for commands and events. */
export const API_VENUES = ['bitmart', 'bybit', 'gateio', 'upvest'] as const;

/** Program of a venue account: `gateio` for the account `gateio-treasury`, and for `gateio` itself. */
export function programOf(name: string): string {
  return API_VENUES.find((venue) => venue === name) ?? prefixOf(name) ?? name;
}

/** A venue's name may contain a hyphen: the longest fitting name is the program. */
function prefixOf(name: string): string | undefined {
  return API_VENUES.filter((venue) => name.startsWith(`${venue}-`))
    .toSorted((one, other) => other.length - one.length)
    .at(0);
}

/** One spelling of a recipient; a malformed one is returned as given, for the rules to refuse. */
export function canonicalDestination(network: string, destination: Destination): Destination {
  switch (destination.type) {
    case 'address': {
      const canonical = canonicalAddress(network, destination.address);
      return canonical.ok ? { ...destination, address: canonical.value } : destination;
    }
    case 'reference_account':
      return {
        ...destination,
        userId: destination.userId.toLowerCase(),
        accountGroupId: destination.accountGroupId.toLowerCase(),
        referenceAccountId: destination.referenceAccountId.toLowerCase(),
      };
    case 'venue_account':
      return destination;
  }
}

/** `cannot_tell`: a value is missing, masked or unreadable; such a value proves no difference. */
export type Likeness = 'same' | 'different' | 'cannot_tell';

const DIGITS = /^\d+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EMAIL = /^[^\s@*]+@[^\s@*.]+(\.[^\s@*.]+)+$/;

/**
 * Compares recipients of order and record as `destinationKey`. `network`: the order's; null off
 * chain.
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

/** A record may leave the memo out; without memos on the network, its text has no meaning. */
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
