import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  DELIVERY_STATUSES,
  type DeliveryStatus,
  NestedListField,
  PatternField,
  TextField,
  UuidField,
  WholeNumberField,
} from '@sluice/http-api';
import { NULLABLE_TIME } from '../withdrawals/answers/withdrawal.dto.js';
import { WebhookIdParams } from './webhook.dto.js';

const MOST = 2_147_483_647;
const MOST_ROWS = 200;
const TIME = { example: '2026-05-16T22:00:00+00:00' };

/** Path of a webhook's delivery. */
export class DeliveryIdParams extends WebhookIdParams {
  @PatternField(/^[1-9]\d{0,14}$/, 'the id of a delivery') delivery_id!: string;
}

/** A page below a number. */
export class PageQuery {
  @PatternField(/^[1-9]\d{0,15}$/, 'the next_cursor of a page', {
    optional: true,
    description: '`next_cursor` of the previous page; omitted for the first page',
    schema: { type: 'integer', minimum: 1, pattern: undefined },
  })
  cursor?: string;
  @WholeNumberField({ min: 1, max: MOST_ROWS }, { optional: true, description: 'default 50' })
  limit?: number;
}

/** An unknown or empty filter is refused: a list without the filter would answer another question. */
export class DeliveriesQuery extends PageQuery {
  @ChoiceField(DELIVERY_STATUSES, { optional: true }) status?: DeliveryStatus;
}

/** Delivery of an event to a webhook. */
export class WebhookDeliveryDto {
  @ApiProperty({ type: 'integer', description: '`id` of the body, equal for every attempt' })
  id!: number;
  @UuidField() webhook_id!: string;
  @TextField() event!: string;
  @ChoiceField(DELIVERY_STATUSES) status!: DeliveryStatus;
  @WholeNumberField(
    { min: 0, max: MOST },
    { description: 'attempts since the delivery was scheduled or redelivered' },
  )
  attempt_count!: number;
  @ApiProperty(NULLABLE_TIME) next_retry_at!: string | null;
  @ApiProperty(TIME) created_at!: string;
  @ApiProperty(NULLABLE_TIME) ended_at!: string | null;
}

/** Delivery request and the result. The receiver's response body and headers are not shown. */
export class WebhookAttemptDto {
  @ApiProperty(TIME) started_at!: string;
  @WholeNumberField({ min: 0, max: MOST }, { nullable: true }) duration_ms!: number | null;
  @WholeNumberField(
    { min: 100, max: 999 },
    { nullable: true, description: 'HTTP status; null without a response' },
  )
  http_status!: number | null;
  @TextField(
    {},
    {
      nullable: true,
      description:
        'cause of a missing response: `timeout`, `connection_refused`, `connection_lost`, `unreachable`, `tls`, `not_http` (the bytes are no valid response), `headers_too_large` (above 16 KiB), `name_not_resolved`, `forbidden_address` and others; `forged_delivery`: the row was not written by the service, and nothing was sent; `outcome_unknown`: our process ended before the result was known',
    },
  )
  error!: string | null;
}

export class WebhookDeliveryLogDto extends WebhookDeliveryDto {
  @ApiProperty({ description: 'bytes of the body, equal for every attempt' }) body!: string;
  @NestedListField(() => WebhookAttemptDto) attempts!: readonly WebhookAttemptDto[];
}
