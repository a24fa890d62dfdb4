import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, PatternField, TextField, TextListField } from '@sluice/http-api';

const STATES = ['enabled', 'paused', 'deleted'] as const;
const MAX_URL = 2_048;
const isName = (text: string): boolean => /^[a-z_]{1,32}\.[a-z_]{1,32}$/.test(text);

/** The path of one webhook. */
export class WebhookIdParams {
  @PatternField(/^[0-9a-f-]{1,36}$/, 'the id of a webhook') webhook_id!: string;
}

/** What may be in it the service of webhooks decides. */
export class RegisterWebhookDto {
  @TextField({ max: MAX_URL }, { example: 'https://example.com/webhooks' }) url!: string;
  @TextListField(
    { isGood: isName, expected: 'the name of an event', min: 1 },
    { example: ['withdrawal.confirmed', 'withdrawal.failed'] },
  )
  events!: readonly string[];
  @TextField({}, { optional: true, description: 'what it is for' }) description?: string | null;
}

/** As its account sees it. */
export class RegisteredWebhookDto {
  @TextField({ max: 36 }) id!: string;
  @TextField({ max: MAX_URL }) url!: string;
  @ApiProperty({ type: [String] }) events!: readonly string[];
  @TextField({}, { nullable: true }) description!: string | null;
  @ChoiceField(STATES) state!: string;
  @ApiProperty({ example: '2026-05-16T22:00:00+00:00' }) created_at!: string;
}

/** The one answer with the secret. */
export class NewWebhookDto extends RegisteredWebhookDto {
  @TextField() secret!: string;
}
