import {
  ClientReferenceField,
  DecimalField,
  DestinationField,
  meansIdempotencyKey,
  meantOfDestination,
  RefuseMisspelt,
  TextField,
} from '@sluice/http-api';
import { lowerCase, upperCase, type WireDestination } from '@sluice/kernel';
import { askedFor } from '@sluice/messages';
import type { WithdrawalRequest } from '@sluice/withdrawal-core';
import { checkedKey } from '../../http/idempotency-key.js';

const ADDRESS = 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL';

/** Address of a recipient, required unless `destination` is given. */
export function ToAddressField(): PropertyDecorator {
  return TextField(
    { min: 10, max: 256, mayBeBlank: true },
    {
      when: ({ destination }) => isAbsent(destination),
      description:
        'validated for the network before funds are reserved; required unless `destination` is given',
      example: ADDRESS,
      schema: { nullable: true },
    },
  );
}

/** Recipient in place of `to_address`, with a memo where the network has memos. */
export function RequestedDestinationField(): PropertyDecorator {
  return DestinationField(
    { optional: true, description: '**ours**: recipient in place of `to_address`, memo included' },
    ({ to_address }) =>
      isAbsent(to_address) ? null : 'Only one of to_address and destination may be given',
  );
}

/** Treats `null` as absent: some clients write `null` for omitted fields. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/**
 * Maximum whole digits of the amount: amount and fee together must fit into a message (24 digits).
 */
const MAX_WHOLE_DIGITS = 22;
const CODE = { max: 32, mayBeBlank: true };

/**
 * A memo or an idempotency key under an unread name costs money: the payment arrives without its
 * memo, or each retry pays again.
 */
const meaningOf = (letters: string): string | undefined =>
  meantOfDestination(letters) ?? (meansIdempotencyKey(letters) ? 'client_reference' : undefined);

/**
 * Body of `POST /v1/withdrawals`. Unknown fields are ignored, except for near misspellings of known
 * fields, and names of a memo or an idempotency key.
 */
@RefuseMisspelt(meaningOf)
export class CreateWithdrawalDto {
  @TextField(CODE, { read: upperCase, description: 'upper or lower case', example: 'USDT' })
  currency!: string;
  @TextField(CODE, { read: upperCase, description: 'upper or lower case', example: 'TRX' })
  network!: string;
  @ToAddressField() to_address?: string | null;
  @RequestedDestinationField() destination?: WireDestination | null;
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
  @ClientReferenceField({
    optional: true,
    description: 'idempotency key. **A retry without this key can pay twice**',
  })
  client_reference?: string | null;
  @TextField(CODE, {
    optional: true,
    read: lowerCase,
    description: '**ours**: pins the venue, in any case; the withdrawal never fails over',
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
  const clientReference = checkedKey('client_reference', asked.clientReference, idempotencyKey);
  return { ...asked, clientReference };
}
