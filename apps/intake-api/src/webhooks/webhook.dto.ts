import { ApiProperty } from '@nestjs/swagger';
import { WEBHOOK_EVENTS, WEBHOOK_STATES, type WebhookState } from '@sluice/admin-api';
import { ChoiceField, TextField, TextListField, UuidField } from '@sluice/http-api';

const MAX_URL = 2_048;
const MAX_DESCRIPTION = 256;

/** The path of one webhook. */
export class WebhookIdParams {
  @UuidField() webhook_id!: string;
}

/** What may be in it the service of webhooks decides. */
export class RegisterWebhookDto {
  @TextField({ max: MAX_URL }, { example: 'https://example.com/webhooks' }) url!: string;
  @TextListField(
    { isGood: () => true, expected: 'an event', min: 1 },
    { description: `one or more of ${WEBHOOK_EVENTS.join(', ')}` },
  )
  events!: readonly string[];
  @TextField({ max: MAX_DESCRIPTION }, { optional: true, description: 'what it is for' })
  description?: string | null;
}

/** As its account sees it. */
export class RegisteredWebhookDto {
  @UuidField() id!: string;
  @TextField({ max: MAX_URL }) url!: string;
  @ApiProperty({ enum: WEBHOOK_EVENTS, isArray: true }) events!: readonly string[];
  @TextField({ max: MAX_DESCRIPTION }, { nullable: true }) description!: string | null;
  @ChoiceField(WEBHOOK_STATES) state!: WebhookState;
  @ApiProperty({ example: '2026-05-16T22:00:00+00:00' }) created_at!: string;
}

/** The one answer with the secret. */
export class NewWebhookDto extends RegisteredWebhookDto {
  @TextField() secret!: string;
}
