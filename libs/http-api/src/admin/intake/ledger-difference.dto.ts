import {
  FlagField,
  NestedListField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';

/** Withdrawal with data missing in the ledger. */
export class LedgerDifferenceDto {
  @UuidField() withdrawal_id!: string;
  @TextField({ max: 20 }, { description: 'its public number' }) number!: string;
  @UuidField() account_id!: string;
  @TextField({ max: 32 }) state!: string;
  @TextField({ max: 32 }) currency!: string;
  @TextField({ max: 32 }) network!: string;
  @TextField() amount!: string;
  @TextField() fee!: string;
  @TextField({ max: 32 }) venue!: string;
  @TextField({}, { description: 'hold_missing, capture_missing, release_missing and the like' })
  kind!: string;
  @TextField({ max: 2_000 }, { description: 'state in this service and state in the ledger' })
  detail!: string;
  @TimeField() found_at!: string;
  @TextField({}, { nullable: true, description: 'the second person; null: it was not sent again' })
  approved_by!: string | null;
  @TextField({ max: 2_000 }, { nullable: true, description: 'why the ledger refused it again' })
  answer!: string | null;
}

/** Withdrawal with a hold in the ledger, lost by intake-api. */
export class LostWithdrawalDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  @TextField({ max: 64 }) asset!: string;
  @TextField({}, { description: 'payout and fee together, a decimal string' }) amount!: string;
  @TextField({ max: 16 }, { description: 'of the hold: placed or captured' }) state!: string;
  @TimeField() placed_at!: string;
}

export class LedgerDifferencesDto {
  @WholeNumberField({ min: 0, max: 1_000_000_000 }) open!: number;
  @WholeNumberField({ min: 0, max: 1_000_000_000 }, { description: 'settled since' })
  resolved!: number;
  @FlagField({ description: 'all withdrawals are being compared: more may be found' })
  is_sweeping!: boolean;
  @TimeField({ nullable: true, description: 'when the last comparison ended' })
  compared_at!: string | null;
  @TextField({ max: 1_000 }, { description: 'what the ledger may lack and is not sent again' })
  not_recovered!: string;
  @NestedListField(() => LedgerDifferenceDto, { description: 'up to 500 of them' })
  differences!: readonly LedgerDifferenceDto[];
  @NestedListField(() => LostWithdrawalDto, {
    description: 'withdrawals that are not on record, the newest 500 of them',
  })
  lost_withdrawals!: readonly LostWithdrawalDto[];
}

export class RecoverLedgerDto {
  @TextField(
    { max: 1_000 },
    { description: 'evidence that the ledger was restored; stored permanently' },
  )
  evidence!: string;
}
