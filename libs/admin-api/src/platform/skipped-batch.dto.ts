import { PatternField, TextField, TimeField, WholeNumberField } from '@sluice/http-api';

/** Where a batch begins, as a path. */
export class BatchParams {
  @TextField({ max: 249 }) topic!: string;
  @WholeNumberField({ min: 0, max: 999_999_999 }) partition!: number;
  @PatternField(/^\d{1,18}$/, 'an offset') offset!: string;
}

/** On what evidence a corrupt batch is skipped; by whom, the caller's token says. */
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
