/** Where the money goes. The type decides which venues can pay it and by which of their calls. */
export type Destination =
  AddressDestination | VenueAccountDestination | ReferenceAccountDestination;

export interface AddressDestination {
  type: 'address';
  address: string;
  /** Destination tag or memo, where the chain has one. */
  memo?: string;
}

/** A user of the paying venue itself. */
export interface VenueAccountDestination {
  type: 'venue_account';
  kind: 'uid' | 'cid' | 'email' | 'phone';
  value: string;
  /** Country calling code; phones only. */
  area_code?: string;
}

/** A bank account known to the venue by reference. */
export interface ReferenceAccountDestination {
  type: 'reference_account';
  user_id: string;
  account_group_id: string;
  reference_account_id: string;
  remittance_information?: string;
  purpose_code?: string;
}

const FIELDS: Record<
  Destination['type'],
  { required: readonly string[]; optional: readonly string[] }
> = {
  address: { required: ['address'], optional: ['memo'] },
  venue_account: { required: ['kind', 'value'], optional: ['area_code'] },
  reference_account: {
    required: ['user_id', 'account_group_id', 'reference_account_id'],
    optional: ['remittance_information', 'purpose_code'],
  },
};

const KINDS: readonly unknown[] = ['uid', 'cid', 'email', 'phone'];

export function isDestination(value: unknown): value is Destination {
  return destinationFault(value) === null;
}

/** Says what is wrong with a destination as `field: reason`, or null. Field names are those of the REST body. */
export function destinationFault(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'destination: Input should be a valid object';
  const fields = value as Record<string, unknown>;
  const shape =
    typeof fields['type'] === 'string' && Object.hasOwn(FIELDS, fields['type'])
      ? FIELDS[fields['type'] as Destination['type']]
      : undefined;
  if (!shape)
    return "destination.type: Input should be 'address', 'venue_account' or 'reference_account'";
  for (const name of shape.required)
    if (fields[name] === undefined) return `destination.${name}: Field required`;
  for (const name of [...shape.required, ...shape.optional]) {
    const text = fields[name];
    if (text === undefined) continue;
    if (typeof text !== 'string') return `destination.${name}: Input should be a valid string`;
    if (text.length === 0) return `destination.${name}: String should have at least 1 characters`;
    if (text.length > 256) return `destination.${name}: String should have at most 256 characters`;
  }
  if (fields['type'] === 'venue_account' && !KINDS.includes(fields['kind']))
    return "destination.kind: Input should be 'uid', 'cid', 'email' or 'phone'";
  return null;
}
