import { foldedAddress } from '../networks/folded-address.js';

/**
 * Recipient of the money. The type decides the venues able to pay the recipient and the endpoint
 * used.
 */
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
