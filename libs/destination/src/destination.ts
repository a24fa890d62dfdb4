/** Where the money goes. The type decides which venues can pay it and by which of their calls. */
export type Destination =
  AddressDestination | VenueAccountDestination | ReferenceAccountDestination;

export interface AddressDestination {
  readonly type: 'address';
  readonly address: string;
  /** Destination tag or memo, where the chain has one. */
  readonly memo?: string;
}

/** A user of the paying venue itself. */
export interface VenueAccountDestination {
  readonly type: 'venue_account';
  readonly kind: 'uid' | 'cid' | 'email' | 'phone';
  readonly value: string;
  /** Country calling code; phones only. */
  readonly areaCode?: string;
}

/** A bank account that the venue knows by reference. */
export interface ReferenceAccountDestination {
  readonly type: 'reference_account';
  readonly userId: string;
  readonly accountGroupId: string;
  readonly referenceAccountId: string;
  readonly remittanceInformation?: string;
  readonly purposeCode?: string;
}

/** Whether both are the same in every field, free text included. */
export function isSameDestination(one: Destination, other: Destination): boolean {
  const text = (destination: Destination) => JSON.stringify(Object.entries(destination).sort());
  return text(one) === text(other);
}

/** One text for one recipient: equal texts mean that the same party is paid. Free text that travels along is no part of it. */
export function destinationKey(destination: Destination): string {
  switch (destination.type) {
    case 'address':
      return joined('address', foldHex(destination.address), destination.memo ?? '');
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

/** An EVM address is the same in any case of its letters; on every other chain the case is part of it. */
function foldHex(address: string): string {
  return /^0x[0-9a-fA-F]{40}$/.test(address) ? address.toLowerCase() : address;
}

function joined(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join(':');
}
