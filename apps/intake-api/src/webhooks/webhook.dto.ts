import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  type FieldOptions,
  meansIdempotencyKey,
  MOST_OVERLAP_SECONDS,
  RefuseMisspelt,
  TextField,
  TextListField,
  UuidField,
  WEBHOOK_EVENTS,
  WEBHOOK_STATES,
  type WebhookState,
  WholeNumberField,
} from '@sluice/http-api';
import { identifierFault } from '@sluice/kernel';
import { NULLABLE_TIME } from '../withdrawals/answers/withdrawal.dto.js';

const MAX_URL = 2_048;
const MAX_DESCRIPTION = 256;
const MAX_KEY = 128;
export const DEFAULT_OVERLAP_SECONDS = 86_400;
const IDEMPOTENCY = {
  optional: true,
  description:
    'a repeat with the same key creates nothing and returns the same secret, for a day and while that secret is in use. The header `Idempotency-Key` is equivalent and is not signed',
};

/** A key under an unread name protects nothing: a retry would register a second webhook. */
const meaningOf = (letters: string): string | undefined =>
  meansIdempotencyKey(letters) ? 'idempotency_key' : undefined;

/** Path of a webhook. */
export class WebhookIdParams {
  @UuidField() webhook_id!: string;
}

/** The webhooks service defines the valid events; the document lists the events. */
function EventsField(options: FieldOptions = {}): PropertyDecorator {
  return TextListField(
    { isGood: () => true, expected: 'an event', min: 1 },
    {
      ...options,
      description: 'subscribed events',
      schema: { items: { type: 'string', enum: [...WEBHOOK_EVENTS] }, minItems: 1 },
    },
  );
}

/** The webhooks service validates the content. */
@RefuseMisspelt(meaningOf)
export class RegisterWebhookDto {
  @TextField({ max: MAX_URL }, { example: 'https://example.com/webhooks' }) url!: string;
  @EventsField() events!: readonly string[];
  @TextField({ max: MAX_DESCRIPTION }, { optional: true, description: 'purpose, for people' })
  description?: string | null;
  @TextField({ max: MAX_KEY, form: identifierFault }, IDEMPOTENCY)
  idempotency_key?: string | null;
}

/** Omitted fields stay unchanged. */
@RefuseMisspelt()
export class EditWebhookDto {
  @TextField({ max: MAX_URL }, { optional: true, example: 'https://example.com/webhooks' })
  url?: string | null;
  @EventsField({ optional: true }) events?: readonly string[] | null;
  @TextField(
    { max: MAX_DESCRIPTION },
    { optional: true, description: '`null` removes the description' },
  )
  description?: string | null;
}

@RefuseMisspelt(meaningOf)
export class RotateSecretDto {
  @WholeNumberField(
    { min: 0, max: MOST_OVERLAP_SECONDS },
    {
      optional: true,
      description: `seconds in which the previous secret signs as well; default ${DEFAULT_OVERLAP_SECONDS}. 0 ends the previous secret at once`,
    },
  )
  overlap_seconds?: number | null;
  @TextField({ max: MAX_KEY, form: identifierFault }, IDEMPOTENCY)
  idempotency_key?: string | null;
}

/** An enum of values would break generated clients as soon as a release adds an event. */
const SUBSCRIBED = {
  type: String,
  isArray: true,
  description: `subscribed events: ${WEBHOOK_EVENTS.join(', ')}. New values may appear`,
  example: ['withdrawal.confirmed'],
};

/** Webhook as shown to the account. */
export class RegisteredWebhookDto {
  @UuidField() id!: string;
  @TextField({ max: MAX_URL }) url!: string;
  @ApiProperty(SUBSCRIBED) events!: readonly string[];
  @TextField({ max: MAX_DESCRIPTION }, { nullable: true }) description!: string | null;
  @ChoiceField(WEBHOOK_STATES) state!: WebhookState;
  @ApiProperty({ example: '2026-05-16T22:00:00+00:00' }) created_at!: string;
  @ApiProperty({ ...NULLABLE_TIME, description: 'start of the pause: no event is sent since then' })
  paused_at!: string | null;
  @TextField(
    {},
    {
      nullable: true,
      description:
        '`failures`: every attempt of three days failed; `wish`: an operator paused the webhook. New values may appear',
    },
  )
  paused_because!: string | null;
  @ApiProperty({
    ...NULLABLE_TIME,
    description: 'start of the current failures: every attempt has failed since then',
  })
  failing_since!: string | null;
  @ApiProperty({
    ...NULLABLE_TIME,
    description: 'end of the overlap: until then the previous secret signs as well',
  })
  previous_secret_until!: string | null;
}

/** The answer with the secret: of a registration, and of a rotation. */
export class NewWebhookDto extends RegisteredWebhookDto {
  @TextField() secret!: string;
}
