import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '@sluice/http-api';

/** All that a webhook may subscribe. Events of deposits are reserved: nothing sends them yet. */
export const WEBHOOK_EVENTS = [
  'deposit.detected',
  'deposit.confirmed',
  'deposit.swept',
  'withdrawal.broadcasted',
  'withdrawal.confirmed',
  'withdrawal.failed',
  'withdrawal.cancelled',
  'webhook.paused',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export const WEBHOOK_STATES = ['enabled', 'paused', 'deleted'] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

/** The path of one webhook. */
export class WebhookParams {
  @UuidField() id!: string;
}

/** Whose a webhook has to be: of another account it is not found. */
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
  /** A repeat with the same key is answered with the same webhook, and for a day with its secret. */
  @TextField({ max: 128 }, { optional: true }) idempotency_key?: string | null;
}

/** What is not given stays as it is; a description of null takes it away. */
export class EditWebhookDto {
  @TextField({ max: 2_048 }, { optional: true }) url?: string | null;
  @TextListField({ isGood: () => true, expected: 'an event', min: 1 }, { optional: true })
  events?: readonly string[] | null;
  @TextField({ max: 256 }, { optional: true }) description?: string | null;
}

/** A week: by then every receiver has the new secret. */
export const MOST_OVERLAP_SECONDS = 604_800;

export class RotateSecretDto {
  /** For so long the secret of before signs as well; 0 ends it at once. */
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
  /** Why it is paused: an operator's wish, or days of nothing but failures. */
  @ChoiceField(['wish', 'failures'], { nullable: true }) paused_because!:
    'wish' | 'failures' | null;
  /** Since when nothing but failures has come of it. */
  @TimeField({ nullable: true }) failing_since!: string | null;
  /** Until then the secret of before the last rotation signs as well. */
  @TimeField({ nullable: true }) previous_secret_until!: string | null;
}

/** The one answer that has the secret, which verifies both of a delivery's signatures. */
export class CreatedWebhookDto extends WebhookDto {
  @TextField() secret!: string;
  /** An earlier request with the same idempotency key has made this secret. */
  @ApiProperty({ type: Boolean }) replayed!: boolean;
}
