import type { WireDestination } from '@sluice/kernel';
import { IsOptional } from 'class-validator';
import { IsClientReferenceOrNull, IsCount, IsDecimals } from './account-fields.js';
import {
  IsAccountId,
  IsAmount,
  IsDestination,
  IsFlag,
  IsLabel,
  IsLabelOrNull,
  IsReasonOrNull,
  IsSequence,
  IsTime,
  IsTimeOrNull,
  IsVenue,
  IsWholeNumberText,
  IsWithdrawalId,
} from './fields.js';
import { topic } from './topic.js';

/**
 * Complete public state of a withdrawal after a change of its status, its venue or an approval.
 * `sequence` counts these events from 1 without a gap.
 */
export class WithdrawalChangedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  /** `withdrawal_id` of the REST API, as text. */
  @IsWholeNumberText() number!: string;
  @IsSequence() sequence!: number;
  @IsAccountId() accountId!: string;
  @IsClientReferenceOrNull() clientReference!: string | null;
  @IsLabel() currency!: string;
  @IsLabel() network!: string;
  @IsDestination() destination!: WireDestination;
  /** The customer's own spelling of the address, for display only; absent if equal to `destination`. */
  @IsOptional() @IsLabel() givenAddress?: string;
  @IsAmount() amount!: string;
  @IsAmount() fee!: string;
  /** Number of decimals of `amount` and `fee` in the REST API and in webhooks. */
  @IsOptional() @IsDecimals() decimals?: number;
  @IsVenue() venue!: string;
  /** Public status: pending, broadcasted, confirmed, failed, cancelled. */
  @IsLabel() status!: string;
  /** Pending step, finer than the status. */
  @IsLabel() stage!: string;
  @IsLabelOrNull() txHash!: string | null;
  /** Sentence that belongs to `reason`, without words of a venue or an operator. */
  @IsReasonOrNull() errorMessage!: string | null;
  /** Stable code of the failure. */
  @IsOptional() @IsLabelOrNull() reason?: string | null;
  /** Time of the first report from the network. */
  @IsOptional() @IsTimeOrNull() broadcastAt?: string | null;
  /** Block of a payment on a chain followed by us; `confirmations` is the number of confirmations at finality. */
  @IsOptional() @IsWholeNumberText() blockNumber?: string;
  @IsOptional() @IsCount() confirmations?: number;
  /** Amount of a completed payment that came back, and the time of its credit. */
  @IsOptional() @IsAmount() returnedAmount?: string;
  @IsOptional() @IsTime() returnedAt?: string;
  /** True only in the step by which people approved the payment. */
  @IsOptional() @IsFlag() approved?: boolean;
  @IsTime() at!: string;
}

/**
 * Each type is named after a state. `broadcast` comes at the latest with the detected payment. A
 * refused request makes no withdrawal and has no event.
 */
export const withdrawalEvents = topic('withdrawal.events', {
  producedBy: 'intake-api',
  consumedBy: null,
  followedBy: ['webhooks'],
  readBackBy: ['intake-api'],
  key: 'withdrawalId',
  types: {
    'withdrawal.awaiting_approval.v1': WithdrawalChangedV1,
    'withdrawal.submitting.v1': WithdrawalChangedV1,
    'withdrawal.broadcast.v1': WithdrawalChangedV1,
    'withdrawal.completed.v1': WithdrawalChangedV1,
    'withdrawal.returned.v1': WithdrawalChangedV1,
    'withdrawal.failed.v1': WithdrawalChangedV1,
    'withdrawal.cancelled.v1': WithdrawalChangedV1,
  },
});
