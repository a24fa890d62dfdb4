import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  PatternField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { ClientReferenceField } from '../../http/text-fields.js';
import { WEBHOOK_EVENTS } from './webhook.dto.js';

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
