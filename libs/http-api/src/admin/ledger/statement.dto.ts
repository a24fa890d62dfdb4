import { TextField, TimeField, UuidField, WholeNumberField } from '../../http/fields.js';
import { EntryKindField } from './entries.dto.js';
import { AssetField, SumField } from './ledger-fields.js';

export class StatementQuery {
  @WholeNumberField({ min: 1, max: 500 }, { optional: true, description: '50 unless asked' })
  limit?: number;
  @TextField({}, { optional: true, description: '`next_cursor` of the page before' })
  cursor?: string;
}

/** Amount posted by an entry to a customer's account. */
export class StatementLineDto {
  @UuidField() entry_id!: string;
  @EntryKindField() kind!: string;
  @AssetField() asset!: string;
  @SumField() amount!: string;
  @UuidField({ nullable: true }) withdrawal_id!: string | null;
  @TextField({}, { nullable: true }) reference!: string | null;
  @TimeField({ description: 'when it counts' }) effective_at!: string;
  @TimeField({ description: 'when it was booked' }) recorded_at!: string;
}
