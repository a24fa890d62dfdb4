import {
  canonicalDestination,
  type Destination,
  isDecimalText,
  isObject,
  lowerCase,
  NumberText,
  parseDestination,
  parseExactJson,
  requestedDestination,
  upperCase,
} from '@sluice/kernel';

export interface AskedWithdrawal {
  readonly currency: string;
  readonly network: string;
  /** In canonical form. */
  readonly destination: Destination;
  /** The customer's own spelling of the address; absent: the canonical one. */
  readonly givenAddress?: string;
  /** Plain decimal text as sent. */
  readonly amount: string;
  readonly clientReference: string | null;
  readonly venue: string | null;
}

/**
 * Request of a body, also compared by the ledger with the customer's signed body; null for
 * ambiguous fields.
 */
export function askedFor(fields: Readonly<Record<string, unknown>>): AskedWithdrawal | null {
  const { currency, network, client_reference: clientReference, venue } = fields;
  const amount = textOf(fields['amount']);
  const given = destinationIn(fields);
  if (typeof currency !== 'string' || typeof network !== 'string' || given === null) return null;
  if (!isDecimalText(amount) || !isTextOrAbsent(clientReference) || !isTextOrAbsent(venue))
    return null;
  const onNetwork = upperCase(network);
  const destination = canonicalDestination(onNetwork, given);
  return {
    currency: upperCase(currency),
    network: onNetwork,
    destination,
    ...(isRespelled(given, destination) && { givenAddress: given.address }),
    amount,
    clientReference: clientReference ?? null,
    venue: isAbsent(venue) ? null : lowerCase(venue),
  };
}

function isRespelled(
  given: Destination,
  canonical: Destination,
): given is Extract<Destination, { type: 'address' }> {
  return (
    given.type === 'address' && canonical.type === 'address' && given.address !== canonical.address
  );
}

/** Reads the request of raw bytes. Returns null for text other than a JSON object, and for a repeated field name. */
export function askedIn(body: string): AskedWithdrawal | null {
  try {
    const fields = parseExactJson(body);
    return isObject(fields) ? askedFor(fields) : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

/** An address is a short form of a destination. Both together are ambiguous. */
function destinationIn({
  to_address: address,
  destination,
}: Readonly<Record<string, unknown>>): Destination | null {
  if (isAbsent(destination)) {
    return typeof address === 'string' ? { type: 'address', address } : null;
  }
  if (!isAbsent(address)) return null;
  const parsed = parseDestination(requestedDestination(destination));
  return parsed.ok ? parsed.value : null;
}

function textOf(value: unknown): unknown {
  return value instanceof NumberText ? value.text : value;
}

/** Treats `null` as absent: some clients send `null` for omitted fields. */
function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isTextOrAbsent(value: unknown): value is string | undefined | null {
  return isAbsent(value) || typeof value === 'string';
}
