import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  NestedListField,
  PatternField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { DELIVERY_STATUSES, DeliveryDto, type DeliveryStatus } from './delivery-record.js';

const MOST = 2_147_483_647;

/** Path parameters of a delivery. */
export class DeliveryParams {
  @PatternField(/^[1-9]\d{0,14}$/, 'the id of a delivery') id!: string;
}

/**
 * Required owner of a delivery: the response is 404 for a delivery of another account or webhook.
 */
export class DeliveryOwnerQuery {
  @UuidField({ optional: true }) account?: string;
  @UuidField({ optional: true }) webhook?: string;
}

export class DeliveryListQuery {
  /** Required owner: a webhook of another account is not found. */
  @UuidField({ optional: true }) account?: string;
  @ChoiceField(DELIVERY_STATUSES, { optional: true }) status?: DeliveryStatus;
  @WholeNumberField({ min: 1, max: 500 }, { optional: true }) limit?: number;
  @PatternField(/^[1-9]\d{0,14}$/, 'the next_cursor of a page', {
    optional: true,
    description: '`next_cursor` of the page before',
  })
  cursor?: string;
}

/** Request to a webhook, with the result. */
export class DeliveryAttemptDto {
  @TimeField() started_at!: string;
  @WholeNumberField({ min: 0, max: MOST }, { nullable: true }) duration_ms!: number | null;
  /** HTTP status; null without a response. */
  @WholeNumberField({ min: 100, max: 999 }, { nullable: true }) status!: number | null;
  /**
   * Cause of a missing response, in a word; `outcome_unknown`: the sending process has died;
   * `forged_delivery`: the row was not written by the service, and nothing was sent.
   */
  @TextField({}, { nullable: true }) error!: string | null;
  /** Headers sent with the body, without the secret. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  request_headers!: Readonly<Record<string, string>>;
  /** The first 4 KB of the answer. */
  @TextField({ min: 0, max: 4_096 }, { nullable: true }) answer!: string | null;
}

export class DeliveryHistoryDto extends DeliveryDto {
  /** Body bytes, the same for every attempt. */
  @ApiProperty() body!: string;
  @NestedListField(() => DeliveryAttemptDto) attempts!: readonly DeliveryAttemptDto[];
}

/** Requeues deliveries scheduled in a time range, the end excluded. */
export class RequeueDto {
  @TimeField() from!: string;
  @TimeField() to!: string;
}

export class RequeuedDto {
  @WholeNumberField({ min: 0, max: MOST }) requeued!: number;
}
