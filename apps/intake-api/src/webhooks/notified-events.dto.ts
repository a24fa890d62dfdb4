import { ApiProperty } from '@nestjs/swagger';
import { withTexts, WITHDRAWAL_TIMES } from '@sluice/http-api';
import { NULLABLE_TEXT } from '../withdrawals/answers/withdrawal.dto.js';

const TIME = { type: String, example: '2026-05-16T22:00:00.481000Z' } as const;
const NULLABLE_TIME = { ...TIME, nullable: true } as const;
const DECIMAL = {
  description: 'decimal text, padded to the decimals of the currency',
  example: '25.000000',
};

/** Class with the time of the event's step. */
function withTime<B extends object>(
  base: new () => B,
  event: keyof (typeof WITHDRAWAL_TIMES)['event'],
) {
  return withTexts(base, [WITHDRAWAL_TIMES.event[event]], ApiProperty(TIME));
}

/** Data common to all events of a withdrawal. */
class WithdrawalEventDataDto {
  @ApiProperty({ type: 'integer', example: 57212345678913 }) withdrawal_id!: number;
  @ApiProperty(NULLABLE_TEXT) client_reference!: string | null;
  @ApiProperty({ example: 'USDT' }) currency!: string;
  @ApiProperty({ example: 'TRX' }) network!: string;
  @ApiProperty() to_address!: string;
  @ApiProperty(DECIMAL) amount!: string;
  @ApiProperty(DECIMAL) fee!: string;
  @ApiProperty(NULLABLE_TEXT) tx_hash!: string | null;
  @ApiProperty(NULLABLE_TIME) broadcast_at!: string | null;
  @ApiProperty({ description: 'public status after this step' }) status!: string;
  @ApiProperty({
    type: 'integer',
    description: 'number of the step: the event with the higher number is newer',
  })
  sequence!: number;
}

class SettledEventDataDto extends WithdrawalEventDataDto {
  @ApiProperty({ type: 'integer', nullable: true }) confirmations!: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) block_number!: number | null;
}

class ConfirmedEventDataDto extends withTime(SettledEventDataDto, 'withdrawal.confirmed') {}

class FailedEventDataDto extends WithdrawalEventDataDto {
  @ApiProperty({
    ...NULLABLE_TEXT,
    description: 'stable code of the reason. New values may appear',
  })
  reason!: string | null;
  @ApiProperty({ ...NULLABLE_TEXT, description: 'sentence for people that belongs to `reason`' })
  error_message!: string | null;
}

class CancelledEventDataDto extends withTime(WithdrawalEventDataDto, 'withdrawal.cancelled') {}

class ReturnedAmountDto extends WithdrawalEventDataDto {
  @ApiProperty(DECIMAL) returned_amount!: string;
}

class ReturnedEventDataDto extends withTime(ReturnedAmountDto, 'withdrawal.returned') {}

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
