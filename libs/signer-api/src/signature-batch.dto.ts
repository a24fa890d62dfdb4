import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { Field, TextField, WholeNumberField } from '@sluice/http-api';
import { LONGEST_PERMIT, SignatureDto, SignatureRequestDto } from './signature.dto.js';

/** Maximum number of requests in a batch; the signer refuses a longer list as a whole. */
export const MOST_SIGNED_AT_ONCE = 100;

/** Signature requests, each a separate request with a separate answer. */
@ApiExtraModels(SignatureRequestDto)
export class SignatureBatchDto {
  /** The items are read one by one: a malformed item refuses no other item. */
  @Field({
    check: listFault,
    schema: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_SIGNED_AT_ONCE,
      items: { $ref: getSchemaPath(SignatureRequestDto) },
    },
  })
  requests!: readonly unknown[];

  /** The auditor's newest permit for our own wallet, for every payment of the batch. */
  @TextField({ max: LONGEST_PERMIT }, { optional: true })
  permit?: string;
}

/** The answer to one request of a batch, with the status and message of a single request. */
export class BatchSignatureDto {
  /** Place in the batch, from 0. */
  @WholeNumberField({ min: 0, max: MOST_SIGNED_AT_ONCE - 1 }) index!: number;
  @WholeNumberField({ min: 200, max: 599 }) status_code!: number;
  @TextField({ max: 1_000 }) message!: string;
  /** Null for a refused request. */
  @ApiProperty({ type: SignatureDto, nullable: true }) data!: SignatureDto | null;
}

function listFault(value: unknown): string | null {
  if (!Array.isArray(value)) return 'Input should be a list';
  if (value.length === 0) return 'List should have at least 1 items';
  return value.length > MOST_SIGNED_AT_ONCE
    ? `List should have at most ${MOST_SIGNED_AT_ONCE} items`
    : null;
}
