import { destinationOf, parseDestination, type WireDestination } from '@sluice/destination';
import {
  ApiError,
  DecimalField,
  Field,
  isStorable,
  RefuseMisspelt,
  TextField,
} from '@sluice/http-api';
import type { WithdrawalRequest } from '@sluice/withdrawal-core';

/** Amount and fee together must still fit what a message carries (24 digits). */
const MAX_WHOLE_DIGITS = 22;
const CODE = { max: 32, mayBeBlank: true };
const toUpperCase = (text: string): string => text.toUpperCase();

/** What other gateways call the field that a retry must not lose. */
const NAMES_OF_REFERENCE = {
  idempotencykey: 'client_reference',
  idempotencyid: 'client_reference',
  clientref: 'client_reference',
  clientrequestid: 'client_reference',
  reference: 'client_reference',
  referenceid: 'client_reference',
  externalid: 'client_reference',
};

/** The body of `POST /v1/withdrawals`. Fields that it does not know are ignored, unless they nearly are one of ours. */
@RefuseMisspelt(NAMES_OF_REFERENCE)
export class CreateWithdrawalDto {
  @TextField(CODE, { read: toUpperCase }) currency!: string;
  @TextField(CODE, { read: toUpperCase }) network!: string;
  @TextField(
    { min: 10, max: 256, mayBeBlank: true },
    { when: ({ destination }) => isAbsent(destination), description: 'or destination' },
  )
  to_address?: string | null;
  @Field(
    {
      check: (value, { to_address }) => faultOf(value, to_address),
      schema: { type: 'object', additionalProperties: { type: 'string' } },
    },
    { optional: true, description: 'or to_address' },
  )
  destination?: WireDestination | null;
  @DecimalField({ moreThanZero: true, maxWholeDigits: MAX_WHOLE_DIGITS }) amount!: string;
  @TextField(
    { mayBeBlank: true },
    { optional: true, description: 'the idempotency key. Without it a retry can pay twice' },
  )
  client_reference?: string | null;
  @TextField(CODE, { optional: true, description: 'pins the venue, for good' })
  venue?: string | null;
}

/** What is asked for. The idempotency key may come as a field or as the header `Idempotency-Key`. Throws 422 where they differ. */
export function requestOf(
  {
    currency,
    network,
    to_address,
    destination,
    amount,
    client_reference,
    venue,
  }: CreateWithdrawalDto,
  idempotencyKey?: string,
): WithdrawalRequest {
  return {
    currency,
    network,
    destination: destination
      ? destinationOf(destination)
      : { type: 'address', address: to_address ?? '' },
    amount,
    clientReference: referenceOf(client_reference ?? null, idempotencyKey),
    venue: venue ?? null,
  };
}

const LONGEST_REFERENCE = 128;

function referenceOf(reference: string | null, header: string | undefined): string | null {
  if (header === undefined) return reference;
  if (header.length === 0 || header.length > LONGEST_REFERENCE)
    throw ApiError.invalid([
      `Idempotency-Key: Header should have 1 to ${LONGEST_REFERENCE} characters`,
    ]);
  if (reference !== null && reference !== header)
    throw ApiError.invalid(['Idempotency-Key: Header should be the same as client_reference']);
  return header;
}

/** Clients that write every field they know write `null` for one that they leave out. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function faultOf(destination: unknown, toAddress: unknown): string | null {
  if (!isAbsent(toAddress)) return 'Only one of to_address and destination may be given';
  const parsed = parseDestination(destination);
  if (!parsed.ok) return parsed.refusal.replace(/^destination(: )?/, '');
  const texts = Object.values(destination as WireDestination).filter(
    (value) => typeof value === 'string',
  );
  return texts.every(isStorable) ? null : 'String should contain valid characters only';
}
