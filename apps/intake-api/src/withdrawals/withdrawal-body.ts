import { NumberText } from '@sluice/exact-json';
import { parseDestination, type Destination } from '@sluice/destination';
import { isDecimalText } from '@sluice/money';
import { ok, refuse, type Result } from '@sluice/result';
import type { WithdrawalRequest } from '@sluice/withdrawal-core';

type Fields = Readonly<Record<string, unknown>>;
type Checked<T> = Result<T, string>;

/** Amount and fee together must still fit where amounts are kept (38 digits). */
const MAX_WHOLE_DIGITS = 30;

/** Reads the body of `POST /v1/withdrawals`. Refuses with every fault as `field: reason`; unknown fields are ignored. */
export function readWithdrawalBody(body: Fields): Result<WithdrawalRequest, readonly string[]> {
  const currency = textField(body, 'currency', { min: 1, max: 32 });
  const network = textField(body, 'network', { min: 1, max: 32 });
  const destination = destinationOf(body);
  const amount = amountOf(body['amount']);
  const clientReference = optionalText(body, 'client_reference', { min: 1, max: 128 });
  const venue = optionalText(body, 'venue', { min: 1, max: 32 });

  if (currency.ok && network.ok && destination.ok && amount.ok && clientReference.ok && venue.ok) {
    return ok({
      currency: currency.value.toUpperCase(),
      network: network.value.toUpperCase(),
      destination: destination.value,
      amount: amount.value,
      clientReference: clientReference.value,
      venue: venue.value,
    });
  }
  return refuse(
    [currency, network, destination, amount, clientReference, venue].flatMap((field) =>
      field.ok ? [] : [field.refusal],
    ),
  );
}

function textField(
  body: Fields,
  name: string,
  length: { min: number; max: number },
): Checked<string> {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (value === undefined) return refuse(`${name}: Field required`);
  if (typeof value !== 'string') return refuse(`${name}: Input should be a valid string`);
  if (!value.isWellFormed() || value.includes('\0'))
    return refuse(`${name}: String should contain valid characters only`);
  // Counted as the message rules count them (UTF-16): a text may not pass here and fail there.
  if (value.length < length.min)
    return refuse(`${name}: String should have at least ${length.min} characters`);
  if (value.length > length.max)
    return refuse(`${name}: String should have at most ${length.max} characters`);
  return ok(value);
}

export function optionalText(
  body: Fields,
  name: string,
  length: { min: number; max: number },
): Checked<string | null> {
  return isAbsent(body, name) ? ok(null) : textField(body, name, length);
}

/** Clients that write every field they know write `null` for one that they leave out. */
function isAbsent(body: Fields, name: string): boolean {
  return body[name] === undefined || body[name] === null;
}

function destinationOf(body: Fields): Checked<Destination> {
  if (isAbsent(body, 'destination')) {
    const address = textField(body, 'to_address', { min: 10, max: 256 });
    return address.ok ? ok({ type: 'address', address: address.value }) : address;
  }
  if (!isAbsent(body, 'to_address'))
    return refuse('destination: Only one of to_address and destination may be given');
  const destination = parseDestination(body['destination']);
  if (!destination.ok) return destination;
  if (
    Object.values(body['destination'] as object).some(
      (text) => typeof text === 'string' && (!text.isWellFormed() || text.includes('\0')),
    )
  ) {
    return refuse('destination: String should contain valid characters only');
  }
  return destination;
}

function amountOf(value: unknown): Checked<string> {
  if (value === undefined) return refuse('amount: Field required');
  const text = value instanceof NumberText ? value.text : value;
  if (typeof text !== 'string') return refuse('amount: Input should be a valid decimal');
  if (/^-\d/.test(text)) return refuse('amount: Input should be greater than 0');
  if (!isDecimalText(text)) return refuse('amount: Input should be a valid decimal');
  if (wholeDigits(text) > MAX_WHOLE_DIGITS)
    return refuse(
      `amount: Decimal input should have no more than ${MAX_WHOLE_DIGITS} digits before the decimal point`,
    );
  return /[1-9]/.test(text) ? ok(text) : refuse('amount: Input should be greater than 0');
}

function wholeDigits(text: string): number {
  return /^0*(\d*)/.exec(text)?.[1]?.length ?? 0;
}
