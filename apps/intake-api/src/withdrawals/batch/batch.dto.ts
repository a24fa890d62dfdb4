import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import {
  Field,
  FlagField,
  PatternField,
  RefuseMisspelt,
  TextField,
  TimeField,
} from '@sluice/http-api';
import { CreateWithdrawalDto } from '../requests/create-withdrawal.dto.js';
import {
  NULLABLE_TEXT,
  SubmittedWithdrawalDto,
  WithdrawalStatusDto,
} from '../answers/withdrawal.dto.js';

const MOST_OF_A_BATCH = 500;
const LONGEST_BODY = 65_536;

/**
 * Withdrawal of a batch under an Ed25519 key, signed separately like a request to `POST
 * /v1/withdrawals`.
 */
@RefuseMisspelt()
export class SignedWithdrawalDto {
  @PatternField(/^\d{1,12}$/, 'whole seconds since 1970 as text') timestamp!: string;
  @TextField({ max: LONGEST_BODY }, { description: 'the very text that is signed' }) body!: string;
  @PatternField(/^[0-9a-f]{128}$/, 'the signature in lower-case hex') signature!: string;
}

/** Body of `POST /v1/withdrawals/batch`. Each item is validated separately. */
@RefuseMisspelt()
export class BatchDto {
  @Field({
    check: listFault,
    schema: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_OF_A_BATCH,
      items: {
        oneOf: [CreateWithdrawalDto, SignedWithdrawalDto].map((dto) => ({
          $ref: getSchemaPath(dto),
        })),
      },
    },
  })
  withdrawals!: readonly unknown[];
}

function listFault(value: unknown): string | null {
  if (!Array.isArray(value)) return 'Input should be a list';
  if (value.length === 0) return 'List should have at least 1 items';
  return value.length > MOST_OF_A_BATCH
    ? `List should have at most ${MOST_OF_A_BATCH} items`
    : null;
}

/** Refusal by the spending policy. A limit also has the fields after the rule. */
export class PolicyRefusalDto {
  @TextField({}, { description: 'name of the refusing rule' }) rule!: string;
  @TextField({}, { optional: true, description: 'rest that the limit allows, in `unit`' })
  remaining?: string;
  @TextField({}, { optional: true, description: 'asset, `EUR` or `payments`' }) unit?: string;
  @TimeField({
    optional: true,
    description: 'time at which the limit allows the amount; null: never',
  })
  frees_at?: string | null;
}

/** Answer of `POST /v1/withdrawals` to a single item. */
export class BatchResultDto {
  @ApiProperty({ type: 'integer', description: 'its place in the batch, from 0' }) index!: number;
  @ApiProperty(NULLABLE_TEXT) client_reference!: string | null;
  @ApiProperty({ type: 'integer' }) status_code!: number;
  @FlagField() success!: boolean;
  @TextField({ max: 1_000 }) message!: string;
  @ApiProperty({
    nullable: true,
    oneOf: [SubmittedWithdrawalDto, WithdrawalStatusDto].map((dto) => ({
      $ref: getSchemaPath(dto),
    })),
    description: 'null where it was refused',
  })
  data!: object | null;
  /** Not in `data`, which contains withdrawals alone. */
  @ApiProperty({
    required: false,
    description: '`data` of a single request that was refused by the spending policy',
  })
  refusal?: PolicyRefusalDto;
}
