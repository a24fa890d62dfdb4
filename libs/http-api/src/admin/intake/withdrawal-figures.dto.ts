import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  FlagField,
  NestedListField,
  TextField,
  TimeField,
  WholeNumberField,
} from '../../http/fields.js';
import { WITHDRAWAL_STATES, type WithdrawalState } from './withdrawal-record.js';

const COUNT = { min: 0, max: 1_000_000_000 };

class AssetCountDto {
  @TextField({ max: 65 }) asset!: string;
  @WholeNumberField(COUNT) count!: number;
  @TextField({}, { description: 'sum of the amounts, as decimal text' }) amount!: string;
}

class AgeCountDto {
  @WholeNumberField(COUNT, {
    nullable: true,
    description: 'seconds since the last change, at most; null: longer than the other ages',
  })
  up_to_seconds!: number | null;
  @WholeNumberField(COUNT) count!: number;
}

class StateCountDto {
  @ChoiceField(WITHDRAWAL_STATES) state!: WithdrawalState;
  @WholeNumberField(COUNT) count!: number;
  @TimeField({ description: 'last change of the withdrawal that has not changed for longest' })
  oldest_since!: string;
  @NestedListField(() => AssetCountDto) assets!: readonly AssetCountDto[];
  @NestedListField(() => AgeCountDto) ages!: readonly AgeCountDto[];
}

/** Withdrawals under way by state. The figures are some seconds old. */
export class WithdrawalCountsDto {
  @TimeField() counted_at!: string;
  @FlagField({ description: 'false: there are more withdrawals under way than were counted' })
  complete!: boolean;
  @NestedListField(() => StateCountDto) states!: readonly StateCountDto[];
}

class MinuteDto {
  @TimeField() at!: string;
  @WholeNumberField(COUNT) requested!: number;
  @WholeNumberField(COUNT) completed!: number;
  @WholeNumberField(COUNT, { description: 'failed, cancelled, returned or rejected' })
  failed!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'median age at completion' })
  median_seconds!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'highest age at completion' })
  longest_seconds!: number | null;
}

/** Minutes of the last hour, oldest first. The figures are some seconds old. */
export class WithdrawalThroughputDto {
  @TimeField() counted_at!: string;
  @TimeField({
    description:
      'withdrawals requested before then are not counted: of the last two hours, the newest 50,000 are',
  })
  since!: string;
  @NestedListField(() => MinuteDto) minutes!: readonly MinuteDto[];
}
