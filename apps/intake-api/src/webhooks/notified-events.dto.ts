import { ApiProperty } from '@nestjs/swagger';
import { WITHDRAWAL_EVENT_FIELDS, type EventField } from '@sluice/http-api';

const TIME = { type: String, example: '2026-05-16T22:00:00.481000Z' } as const;
const NULLABLE_TIME = { ...TIME, nullable: true } as const;
const DECIMAL = {
  description: 'decimal text, padded to the decimals of the currency',
  example: '25.000000',
};

const FORMS = {
  text: { type: String },
  number: { type: 'integer' },
  amount: { ...DECIMAL, type: String },
  time: TIME,
} as const;

/** Class with the fields of an event of a withdrawal. */
function withFieldsOf(event: keyof typeof WITHDRAWAL_EVENT_FIELDS): new () => object {
  class EventData {}
  const fields: Readonly<Record<string, EventField>> = WITHDRAWAL_EVENT_FIELDS[event];
  for (const [name, { from: _, form, ...shown }] of Object.entries(fields))
    ApiProperty({ ...FORMS[form], ...shown })(EventData.prototype, name);
  return EventData;
}

/** Data of an event without fields of its own. */
class WithdrawalEventDataDto extends withFieldsOf('withdrawal.broadcasted') {}

class ConfirmedEventDataDto extends withFieldsOf('withdrawal.confirmed') {}

class FailedEventDataDto extends withFieldsOf('withdrawal.failed') {}

class CancelledEventDataDto extends withFieldsOf('withdrawal.cancelled') {}

class ReturnedEventDataDto extends withFieldsOf('withdrawal.returned') {}

class PausedEventDataDto {
  @ApiProperty({ format: 'uuid' }) webhook_id!: string;
  @ApiProperty() url!: string;
  @ApiProperty({ description: '`failures` or `wish`. New values may appear' }) reason!: string;
  @ApiProperty(NULLABLE_TIME) failing_since!: string | null;
  @ApiProperty(TIME) paused_at!: string;
}

class CreatedEventDataDto {
  @ApiProperty({ format: 'uuid' }) webhook_id!: string;
  @ApiProperty() url!: string;
  @ApiProperty({ type: [String] }) events!: readonly string[];
  @ApiProperty({ description: '`operator`. New values may appear' }) created_by!: string;
  @ApiProperty(TIME) created_at!: string;
}

class TestEventDataDto {
  @ApiProperty({ format: 'uuid' }) webhook_id!: string;
  @ApiProperty() message!: string;
}

/** All events sent, each with the class of the data and the condition for sending. */
export const NOTIFIED_EVENTS = {
  'withdrawal.broadcasted': [
    WithdrawalEventDataDto,
    'The payment is on its network, or the venue has sent it',
  ],
  'withdrawal.confirmed': [ConfirmedEventDataDto, 'The withdrawal is paid and booked'],
  'withdrawal.failed': [
    FailedEventDataDto,
    'The withdrawal was not paid, and the hold is released',
  ],
  'withdrawal.cancelled': [
    CancelledEventDataDto,
    'The withdrawal was cancelled before a venue paid it',
  ],
  'withdrawal.returned': [
    ReturnedEventDataDto,
    'A confirmed payment came back, for example from the bank of the recipient, and the account is credited',
  ],
  'withdrawal.awaiting_approval': [
    WithdrawalEventDataDto,
    'The payment waits for the approval of people',
  ],
  'withdrawal.approved': [WithdrawalEventDataDto, 'People have approved the payment'],
  'webhook.paused': [PausedEventDataDto, 'A webhook of the account was paused'],
  'webhook.created': [
    CreatedEventDataDto,
    'Operators put another webhook on the account. Needs no subscription',
  ],
  'webhook.test': [TestEventDataDto, 'A requested test'],
} as const;
