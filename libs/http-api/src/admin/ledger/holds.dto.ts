import {
  ChoiceField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { AssetField, SumField } from './ledger-fields.js';

const HOLD_STATES = ['placed', 'captured', 'released', 'expired', 'refused'] as const;

export class HoldsQuery {
  @ChoiceField(HOLD_STATES) state!: (typeof HOLD_STATES)[number];
  @UuidField({ optional: true }) account_id?: string;
  @WholeNumberField({ min: 1, max: 500 }, { optional: true, description: '50 unless asked' })
  limit?: number;
  @UuidField({ optional: true, description: '`next_cursor` of the page before' }) cursor?: string;
}

export class HoldDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  @AssetField() asset!: string;
  @SumField('payout and fee together') amount!: string;
  @ChoiceField(HOLD_STATES) state!: string;
  @TextField({ max: 1_000 }, { nullable: true, description: 'why it was released or refused' })
  reason!: string | null;
  @TimeField() decided_at!: string;
  @TimeField({ nullable: true, description: 'when it ends by itself; null: never' })
  expires_at!: string | null;
  @TimeField({ nullable: true, description: 'from then on it does not expire' })
  submission_started_at!: string | null;
  @TimeField({ nullable: true }) closed_at!: string | null;
}
