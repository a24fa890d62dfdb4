import {
  DESTINATION_SCHEMA,
  parseDestination,
  upperCase,
  type WireDestination,
} from '@sluice/kernel';
import {
  ApiError,
  codePointsOf,
  DecimalField,
  Field,
  isStorable,
  RefuseMisspelt,
  TextField,
} from '@sluice/http-api';
import { askedFor } from '@sluice/messages';
import type { WithdrawalRequest } from '@sluice/withdrawal-core';

/**
 * Maximum whole digits of the amount: amount and fee together must fit into a message (24 digits).
 */
const MAX_WHOLE_DIGITS = 22;
const LONGEST_REFERENCE = 128;
/** Characters able to reorder or break a displayed line. */
const STEERS_TEXT = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const CODE = { max: 32, mayBeBlank: true };

/** Other gateways' names of the idempotency key, recognized as misspelt to protect retries. */
const NAMES_OF_REFERENCE = {
  idempotencykey: 'client_reference',
  idempotencyid: 'client_reference',
  clientref: 'client_reference',
  clientrequestid: 'client_reference',
  reference: 'client_reference',
  referenceid: 'client_reference',
  externalid: 'client_reference',
};

/**
 * Body of `POST /v1/withdrawals`. Unknown fields are ignored, except for near misspellings of known
 * fields.
 */
@RefuseMisspelt(NAMES_OF_REFERENCE)
export class CreateWithdrawalDto {
  @TextField(CODE, { read: upperCase, description: 'upper or lower case', example: 'USDT' })
  currency!: string;
  @TextField(CODE, { read: upperCase, description: 'upper or lower case', example: 'TRX' })
  network!: string;
  @TextField(
    { min: 10, max: 256, mayBeBlank: true },
    {
      when: ({ destination }) => isAbsent(destination),
      description:
        'validated for the network before funds are reserved; required unless `destination` is given',
      example: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL',
    },
  )
  to_address?: string | null;
  @Field(
    {
      check: (value, { to_address }) => destinationFaultOf(value, to_address),
      schema: DESTINATION_SCHEMA,
    },
    { optional: true, description: '**ours**: recipient in place of `to_address`' },
  )
  destination?: WireDestination | null;
  @DecimalField(
    { moreThanZero: true, maxWholeDigits: MAX_WHOLE_DIGITS },
    {
      description:
        'amount the recipient receives; the fee is added. A JSON number is accepted as well and is read digit by digit',
      example: '25',
      schema: { pattern: '^[0-9]+(\\.[0-9]+)?$' },
    },
  )
  amount!: string;
  @Field(
    {
      check: referenceFault,
      schema: { type: 'string', minLength: 1, maxLength: LONGEST_REFERENCE },
    },
    { optional: true, description: 'idempotency key. **A retry without this key can pay twice**' },
  )
  client_reference?: string | null;
  @TextField(CODE, {
    optional: true,
    description: '**ours**: pins the venue; the withdrawal never fails over',
  })
  venue?: string | null;
}

/**
 * Builds the request. The idempotency key may be a field or the header `Idempotency-Key`. Throws
 * 422 if they differ.
 */
export function requestOf(body: CreateWithdrawalDto, idempotencyKey?: string): WithdrawalRequest {
  const asked = askedFor({ ...body });
  if (asked === null) throw new Error('a validated body has no withdrawal request');
  return { ...asked, clientReference: referenceOf(asked.clientReference, idempotencyKey) };
}

function referenceOf(reference: string | null, header: string | undefined): string | null {
  if (header === undefined) return reference;
  if (header.length === 0 || header.length > LONGEST_REFERENCE)
    throw ApiError.invalid([
      `Idempotency-Key: Header should have 1 to ${LONGEST_REFERENCE} characters`,
    ]);
  // The meaning of any other byte depends on the encoding.
  if (!/^[ -~]+$/.test(header))
    throw ApiError.invalid(['Idempotency-Key: Header should be in printable ASCII']);
  if (reference !== null && reference !== header)
    throw ApiError.invalid(['Idempotency-Key: Header should be the same as client_reference']);
  return header;
}

/** Text of one line that no character reorders or breaks. */
export function referenceFault(value: unknown): string | null {
  if (typeof value !== 'string') return 'Input should be a valid string';
  if (!isStorable(value) || STEERS_TEXT.test(value))
    return 'String should contain valid characters only';
  if (value.length === 0) return 'String should have at least 1 characters';
  return codePointsOf(value) > LONGEST_REFERENCE
    ? `String should have at most ${LONGEST_REFERENCE} characters`
    : null;
}

/** Treats `null` as absent: some clients write `null` for omitted fields. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Returns the fault of a destination beside `to_address`; null: none. */
export function destinationFaultOf(destination: unknown, toAddress: unknown): string | null {
  if (!isAbsent(toAddress)) return 'Only one of to_address and destination may be given';
  const parsed = parseDestination(destination);
  if (!parsed.ok) return parsed.refusal.replace(/^destination(: )?/, '');
  const texts = Object.values(destination as WireDestination).filter(
    (value) => typeof value === 'string',
  );
  return texts.every(isStorable) ? null : 'String should contain valid characters only';
}
