/** Where the money goes, in the shape of the topics' messages, so that no app has to map it. */
export type Destination =
  AddressDestination | VenueAccountDestination | ReferenceAccountDestination;

export interface AddressDestination {
  type: 'address';
  address: string;
  memo?: string;
}

/** A user of the paying venue itself. */
export interface VenueAccountDestination {
  type: 'venue_account';
  kind: 'uid' | 'cid' | 'email' | 'phone';
  value: string;
  area_code?: string;
}

/** A bank account that the venue knows by reference. */
export interface ReferenceAccountDestination {
  type: 'reference_account';
  user_id: string;
  account_group_id: string;
  reference_account_id: string;
  remittance_information?: string;
  purpose_code?: string;
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
        destination.area_code ?? '',
        destination.value,
      );
    case 'reference_account':
      return joined(
        'reference_account',
        destination.user_id,
        destination.account_group_id,
        destination.reference_account_id,
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
