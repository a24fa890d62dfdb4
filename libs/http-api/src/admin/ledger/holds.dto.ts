import { ChoiceField, UuidField, WholeNumberField } from '../../http/fields.js';
import { HOLD_STATES } from './hold-record.js';

export class HoldsQuery {
  @ChoiceField(HOLD_STATES) state!: (typeof HOLD_STATES)[number];
  @UuidField({ optional: true }) account_id?: string;
  @WholeNumberField({ min: 1, max: 500 }, { optional: true, description: '50 unless asked' })
  limit?: number;
  @UuidField({ optional: true, description: '`next_cursor` of the page before' }) cursor?: string;
}
