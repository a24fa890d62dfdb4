import { parseDestination, type Destination } from '@sluice/destination';
import { isObject, NumberText, parseExactJson } from '@sluice/exact-json';
import { isDecimalText, upperCase } from '@sluice/money';

/** What a customer asks for in the body of `POST /v1/withdrawals`. */
export interface AskedWithdrawal {
  readonly currency: string;
  readonly network: string;
  readonly destination: Destination;
  /** Plain decimal text, as written. */
  readonly amount: string;
  readonly clientReference: string | null;
  readonly venue: string | null;
}

/**
 * The one reading of such a body: intake-api's, once it has checked the fields, and the ledger's, which must find the same order in what
 * the customer signed. Null for fields that ask for nothing that could be understood in one way.
 */
export function askedFor(fields: Readonly<Record<string, unknown>>): AskedWithdrawal | null {
  const { currency, network, client_reference: clientReference, venue } = fields;
  const amount = textOf(fields['amount']);
  const destination = destinationIn(fields);
  if (typeof currency !== 'string' || typeof network !== 'string' || destination === null)
    return null;
  if (!isDecimalText(amount) || !isTextOrAbsent(clientReference) || !isTextOrAbsent(venue))
    return null;
  return {
    currency: upperCase(currency),
    network: upperCase(network),
    destination,
    amount,
    clientReference: clientReference ?? null,
    venue: venue ?? null,
  };
}

/** The same of a body as it was sent; null for one that is no JSON object, or that names a field twice. */
export function askedIn(body: string): AskedWithdrawal | null {
  try {
    const fields = parseExactJson(body);
    return isObject(fields) ? askedFor(fields) : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

/** An address may be given by itself; beside a destination it would be a second one. */
function destinationIn({
  to_address: address,
  destination,
}: Readonly<Record<string, unknown>>): Destination | null {
  if (isAbsent(destination)) {
    return typeof address === 'string' ? { type: 'address', address } : null;
  }
  if (!isAbsent(address)) return null;
  const parsed = parseDestination(destination);
  return parsed.ok ? parsed.value : null;
}

/** A number is the text that it was written in. */
function textOf(value: unknown): unknown {
  return value instanceof NumberText ? value.text : value;
}

/** Clients that write every field they know write `null` for one that they leave out. */
function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isTextOrAbsent(value: unknown): value is string | undefined | null {
  return isAbsent(value) || typeof value === 'string';
}
