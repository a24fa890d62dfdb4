import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  NestedListField,
  PatternField,
  TextField,
  TextListField,
  TimeField,
  WholeNumberField,
} from '../../http/fields.js';

/** Path parameters of a dead letter. */
export class DeadLetterParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of a dead letter') id!: string;
}

/** Message with failed processing: position and cause. */
export class DeadLetterDto {
  @TextField({ max: 18 }) id!: string;
  @TextField({ max: 249 }) topic!: string;
  @WholeNumberField({ min: 0, max: 2_147_483_647 }) partition!: number;
  @TextField({ max: 19 }) offset!: string;
  @TextField({ min: 0, max: 1_000 }, { optional: true }) key!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  headers!: Readonly<Record<string, string>>;
  /** Message bytes as UTF-8 text, or in base64 if not valid UTF-8; `encoding` names the format. */
  @ApiProperty() value!: string;
  @ChoiceField(['utf8', 'base64']) encoding!: 'utf8' | 'base64';
  @ApiProperty() cause!: string;
  @TimeField() dead_lettered_at!: string;
  @TimeField({ optional: true }) replayed_at!: string | null;
}

export class ReplayedDeadLetterDto {
  @TextField({ max: 18 }) id!: string;
  @ApiProperty({ type: Boolean }) replayed!: true;
}

/** Reason to dismiss a dead letter. */
export class DismissDeadLetterDto {
  @TextField({ max: 900 }) reason!: string;
}

export class DismissedDeadLetterDto {
  @TextField({ max: 18 }) id!: string;
  @ApiProperty() dismissed_by!: string;
}

/** Start of a batch, as path parameters. */
export class BatchParams {
  @TextField({ max: 249 }) topic!: string;
  @WholeNumberField({ min: 0, max: 999_999_999 }) partition!: number;
  @PatternField(/^\d{1,18}$/, 'an offset') offset!: string;
}

/** Evidence for skipping a corrupt batch; the person is taken from the caller's token. */
export class SkipBatchDto {
  @TextField({ max: 2_000 }) evidence!: string;
}

export class SkippedBatchDto {
  @TextField({ max: 249 }) topic!: string;
  @WholeNumberField({ min: 0, max: 999_999_999 }) partition!: number;
  @TextField({ max: 19 }) offset!: string;
  @TextField({ max: 2_000 }) by!: string;
  @TextField({ max: 2_000 }) evidence!: string;
  @TimeField() decided_at!: string;
  /** Null while the consumer has not met the batch since. */
  @TimeField({ optional: true }) skipped_at!: string | null;
}

/** Topic that a service reads, as its answering process knows it. */
class ConsumedTopicDto {
  @TextField({ max: 249 }) topic!: string;
  /** Partitions of the topic that this process reads; other processes read the others. */
  @WholeNumberField({ min: 0, max: 1_000_000_000 }) partitions!: number;
  /** Records of these partitions that are not done; null until they are counted. */
  @WholeNumberField({ min: 0, max: Number.MAX_SAFE_INTEGER }, { nullable: true }) waiting!:
    number | null;
}

/** Consumption of a service; empty for a service that reads no topic. */
export class ConsumerDto {
  @NestedListField(() => ConsumedTopicDto) topics!: readonly ConsumedTopicDto[];
  /** Reasons why consumption is unreliable now. */
  @TextListField({ isGood: () => true, expected: 'a reason' }) faults!: readonly string[];
}
