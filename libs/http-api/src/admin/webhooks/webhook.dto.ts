import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';

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
