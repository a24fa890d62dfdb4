import { PatternField, TextField, TimeField, WholeNumberField } from '../../http/fields.js';

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
