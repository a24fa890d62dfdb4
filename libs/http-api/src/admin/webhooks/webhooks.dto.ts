import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  NestedListField,
  PatternField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { ClientReferenceField } from '../../http/text-fields.js';
import { DELIVERY_STATUSES, DeliveryDto, type DeliveryStatus } from './delivery-record.js';

/** Events available for subscription. Deposit events are reserved and not sent yet. */
export const WEBHOOK_EVENTS = [
  'deposit.detected',
  'deposit.confirmed',
  'deposit.swept',
  'withdrawal.broadcasted',
  'withdrawal.confirmed',
  'withdrawal.failed',
  'withdrawal.cancelled',
  'withdrawal.returned',
  'withdrawal.awaiting_approval',
  'withdrawal.approved',
  'webhook.paused',
] as const;

export type SubscribedEvent = (typeof WEBHOOK_EVENTS)[number];

export const WEBHOOK_STATES = ['enabled', 'paused', 'deleted'] as const;

export type WebhookState = (typeof WEBHOOK_STATES)[number];

/** Path parameters of a webhook. */
export class WebhookParams {
  @UuidField() id!: string;
}

/** Required owner of a webhook: a webhook of another account is not found. */
export class WebhookOwnerQuery {
  @UuidField({ optional: true }) account?: string;
}

export class WebhookListQuery {
  @UuidField() account!: string;
}

export class CreateWebhookDto {
  @UuidField() account!: string;
  @TextField(
    { max: 2_048 },
    { description: 'https, port 443 or 8443, at an address of the public internet' },
  )
  url!: string;
  @TextListField(
    { isGood: () => true, expected: 'an event', min: 1 },
    { description: `one or more of ${WEBHOOK_EVENTS.join(', ')}` },
  )
  events!: readonly string[];
  @TextField({ max: 256 }, { optional: true }) description?: string | null;
  /** A repeat with the same key returns the same webhook. The secret is included for a day. */
  @TextField({ max: 128 }, { optional: true }) idempotency_key?: string | null;
}

/** Fields not given stay unchanged; a null description removes the description. */
export class EditWebhookDto {
  @TextField({ max: 2_048 }, { optional: true }) url?: string | null;
  @TextListField({ isGood: () => true, expected: 'an event', min: 1 }, { optional: true })
  events?: readonly string[] | null;
  @TextField({ max: 256 }, { optional: true }) description?: string | null;
}

/** Longest overlap of secrets, in seconds: within a week every receiver has the new secret. */
export const MOST_OVERLAP_SECONDS = 604_800;

export class RotateSecretDto {
  /**
   * Seconds of signing with both secrets after a rotation; 0 ends the previous secret immediately.
   */
  @WholeNumberField({ min: 0, max: MOST_OVERLAP_SECONDS }) overlap_seconds!: number;
  @TextField({ max: 128 }, { optional: true }) idempotency_key?: string | null;
}

export class WebhookDto {
  @UuidField() id!: string;
  @UuidField() account!: string;
  @TextField({ max: 2_048 }) url!: string;
  @ApiProperty({ enum: WEBHOOK_EVENTS, isArray: true }) events!: readonly string[];
  @TextField({ max: 256 }, { nullable: true }) description!: string | null;
  @ChoiceField(WEBHOOK_STATES) state!: WebhookState;
  @TimeField() created_at!: string;
  @TimeField({ nullable: true }) paused_at!: string | null;
  /** Reason of the pause: an operator's request, or days of failures only. */
  @ChoiceField(['wish', 'failures'], { nullable: true }) paused_because!:
    'wish' | 'failures' | null;
  /** Start of the present series of failures without a success. */
  @TimeField({ nullable: true }) failing_since!: string | null;
  /** End of signing with the secret before the last rotation. */
  @TimeField({ nullable: true }) previous_secret_until!: string | null;
}

/**
 * Webhook with the secret, returned by creation and by rotation. The secret verifies both
 * signatures of a delivery.
 */
export class CreatedWebhookDto extends WebhookDto {
  @TextField() secret!: string;
  /** An earlier request with the same idempotency key has made this secret. */
  @ApiProperty({ type: Boolean }) replayed!: boolean;
}

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

export class WithdrawalDeliveriesQuery {
  @PatternField(/^[1-9]\d{0,15}$/, 'the number of a withdrawal') withdrawal_id!: string;
  @WholeNumberField({ min: 1, max: 200 }, { optional: true }) limit?: number;
  @PatternField(/^[1-9]\d{0,15}$/, 'the next_cursor of a page', { optional: true })
  cursor?: string;
}

/** Delivery about a withdrawal, with its receiver and the newest attempt. */
export class WithdrawalDeliveryDto extends DeliveryDto {
  @TextField({ max: 2_048 }) url!: string;
  @ChoiceField(WEBHOOK_STATES) webhook_state!: WebhookState;
  /** Null before the first attempt. */
  @TimeField({ nullable: true }) last_attempt_at!: string | null;
  /** HTTP status; null without a response. */
  @WholeNumberField({ min: 100, max: 999 }, { nullable: true }) last_http_status!: number | null;
  /** Cause of a missing response, as in the list of attempts. */
  @TextField({}, { nullable: true }) last_error!: string | null;
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

const MOST_ROWS = 200;

export class AccountEventsQuery {
  @UuidField() account!: string;
  @ChoiceField(WEBHOOK_EVENTS, { optional: true }) event?: string;
  @PatternField(/^[1-9]\d{0,15}$/, 'the number of a withdrawal', { optional: true })
  withdrawal_id?: string;
  @ClientReferenceField({ optional: true }) client_reference?: string;
  @TimeField({ optional: true }) since?: string;
  @TimeField({ optional: true }) before?: string;
  @WholeNumberField({ min: 1, max: MOST_ROWS }, { optional: true }) limit?: number;
  @PatternField(/^[1-9]\d{0,15}$/, 'the next_cursor of a page', { optional: true })
  cursor?: string;
}

/** Event of an account, in the format of the account's webhooks. */
export class AccountEventDto {
  @ApiProperty({ type: 'integer', minimum: 1 }) id!: number;
  @TextField() event!: string;
  @ApiProperty({ example: '2026-05-16T22:00:00Z' }) created_at!: string;
  @TextField() api_version!: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  data!: Readonly<Record<string, unknown>>;
}
