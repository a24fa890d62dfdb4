import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  NestedListField,
  PatternField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '@sluice/http-api';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const MOST = 2_147_483_647;
const DELIVERY_ID = { type: 'integer', minimum: 1 } as const;

/** The path of one delivery. */
export class DeliveryParams {
  @PatternField(/^[1-9]\d{0,14}$/, 'the id of a delivery') id!: string;
}

/** Whose a delivery has to be: of another account or webhook it is not found. */
export class DeliveryOwnerQuery {
  @UuidField({ optional: true }) account?: string;
  @UuidField({ optional: true }) webhook?: string;
}

export class DeliveryListQuery {
  /** Of another account the webhook is not found. */
  @UuidField({ optional: true }) account?: string;
  @ChoiceField(DELIVERY_STATUSES, { optional: true }) status?: DeliveryStatus;
  @WholeNumberField({ min: 1, max: 500 }, { optional: true }) limit?: number;
  @PatternField(/^[1-9]\d{0,14}$/, 'the next_cursor of a page', {
    optional: true,
    description: '`next_cursor` of the page before',
  })
  cursor?: string;
}

/** One event on its way to one webhook. */
export class DeliveryDto {
  /** The `id` of the body, the same on every attempt. */
  @ApiProperty(DELIVERY_ID) id!: number;
  @UuidField() webhook_id!: string;
  @TextField() event!: string;
  @ChoiceField(DELIVERY_STATUSES) status!: DeliveryStatus;
  /** Failed or successful attempts since it was scheduled, or requeued. */
  @WholeNumberField({ min: 0, max: MOST }) attempt_count!: number;
  @TimeField({ nullable: true }) next_retry_at!: string | null;
  @TimeField() created_at!: string;
  @TimeField({ nullable: true }) ended_at!: string | null;
}

/** One request and what came of it. */
export class DeliveryAttemptDto {
  @TimeField() started_at!: string;
  @WholeNumberField({ min: 0, max: MOST }, { nullable: true }) duration_ms!: number | null;
  /** Of HTTP; null where no answer came. */
  @WholeNumberField({ min: 100, max: 999 }, { nullable: true }) status!: number | null;
  /** Why no answer came, in a word; `outcome_unknown`: the process that sent it is gone. */
  @TextField({}, { nullable: true }) error!: string | null;
  /** What was sent beside the body. The secret is not among it. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  request_headers!: Readonly<Record<string, string>>;
  /** The first 4 KB of the answer. */
  @TextField({ min: 0, max: 4_096 }, { nullable: true }) answer!: string | null;
}

export class DeliveryHistoryDto extends DeliveryDto {
  /** The bytes that every attempt sends. */
  @ApiProperty() body!: string;
  @NestedListField(() => DeliveryAttemptDto) attempts!: readonly DeliveryAttemptDto[];
}

/** Deliveries that were scheduled from one moment until before another one. */
export class RequeueDto {
  @TimeField() from!: string;
  @TimeField() to!: string;
}

export class RequeuedDto {
  @WholeNumberField({ min: 0, max: MOST }) requeued!: number;
}
