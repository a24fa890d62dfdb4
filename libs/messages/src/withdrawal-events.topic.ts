import type { WireDestination } from '@sluice/destination';
import { IsOptional } from 'class-validator';
import { IsClientReferenceOrNull, IsDecimals } from './customer-fields.js';
import {
  IsAccountId,
  IsAmount,
  IsDestination,
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
import { IsCount } from './wallet-fields.js';

/** The whole public state of one withdrawal after a step. `sequence` counts its steps from 1 without a gap. */
export class WithdrawalChangedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  /** The REST API's `withdrawal_id`, as text. */
  @IsWholeNumberText() number!: string;
  @IsSequence() sequence!: number;
  @IsAccountId() accountId!: string;
  @IsClientReferenceOrNull() clientReference!: string | null;
  @IsLabel() currency!: string;
  @IsLabel() network!: string;
  @IsDestination() destination!: WireDestination;
  @IsAmount() amount!: string;
  @IsAmount() fee!: string;
  /** The decimals of `amount` and `fee` in the REST API and in webhooks; absent in messages of earlier releases. */
  @IsOptional() @IsDecimals() decimals?: number;
  @IsVenue() venue!: string;
  /** The public status: pending, broadcasted, confirmed, failed, cancelled. */
  @IsLabel() status!: string;
  /** What is being waited for, finer than the status. */
  @IsLabel() stage!: string;
  @IsLabelOrNull() txHash!: string | null;
  /** The sentence that belongs to `reason`; no venue's and no operator's words. */
  @IsReasonOrNull() errorMessage!: string | null;
  /** Why it did not come about, as a stable code; messages of before have none. */
  @IsOptional() @IsLabelOrNull() reason?: string | null;
  /** When it was first known to be on its network; messages of before do not say. */
  @IsOptional() @IsTimeOrNull() broadcastAt?: string | null;
  /** Where it was paid on a chain that we follow ourselves: its block, and how many had followed when it counted as final. */
  @IsOptional() @IsWholeNumberText() blockNumber?: string;
  @IsOptional() @IsCount() confirmations?: number;
  @IsTime() at!: string;
}

/** The type is named after the state that the step led to. */
export const withdrawalEvents = topic('withdrawal.events', {
  producedBy: 'intake-api',
  consumedBy: null,
  followedBy: ['webhooks'],
  readBackBy: ['intake-api'],
  key: 'withdrawalId',
  retired: {
    'withdrawal.rejected.v1':
      'Not published any more: a request that was refused for lack of balance made no withdrawal and has no event. A reader ignores it.',
  },
  types: {
    'withdrawal.requested.v1': WithdrawalChangedV1,
    'withdrawal.rejected.v1': WithdrawalChangedV1,
    'withdrawal.submitting.v1': WithdrawalChangedV1,
    'withdrawal.uncertain.v1': WithdrawalChangedV1,
    'withdrawal.undecided.v1': WithdrawalChangedV1,
    'withdrawal.submitted.v1': WithdrawalChangedV1,
    'withdrawal.broadcast.v1': WithdrawalChangedV1,
    'withdrawal.capturing.v1': WithdrawalChangedV1,
    'withdrawal.releasing.v1': WithdrawalChangedV1,
    'withdrawal.cancelling.v1': WithdrawalChangedV1,
    'withdrawal.completed.v1': WithdrawalChangedV1,
    'withdrawal.failed.v1': WithdrawalChangedV1,
    'withdrawal.cancelled.v1': WithdrawalChangedV1,
  },
});
