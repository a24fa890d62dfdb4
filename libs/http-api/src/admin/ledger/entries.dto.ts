import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  NestedListField,
  TextField,
  TimeField,
  UuidField,
} from '../../http/fields.js';
import { AssetField, ReasonField, SumField } from './ledger-fields.js';
import { SHARED_ACCOUNT_EXAMPLE } from './examples.js';

export function EntryKindField(): PropertyDecorator {
  return ChoiceField([
    'funding',
    'capture',
    'venue_fee',
    'return',
    'transfer',
    'gas',
    'gas_topup',
    'wallet_funding',
    'reversal',
  ]);
}

export class EntryParams {
  @UuidField() entry_id!: string;
}

export class WithdrawalEntriesParams {
  @UuidField() withdrawal_id!: string;
}

class PostingDto {
  @TextField({}, { description: 'an account of the chart', example: SHARED_ACCOUNT_EXAMPLE })
  account!: string;
  @AssetField() asset!: string;
  @SumField('a credit; below zero: a debit') amount!: string;
}

/** Order of a funding, transfer or reversal. */
class MoneyOrderDto {
  @TextField() ordered_by!: string;
  @TextField({}, { nullable: true, description: 'the second person, where it took two' })
  approved_by!: string | null;
  @TextField({ max: 1_000 }, { description: 'evidence; for a reversal its reason' })
  evidence!: string;
  @TimeField() ordered_at!: string;
}

/** A journal entry. */
export class EntryDto {
  @UuidField() entry_id!: string;
  @EntryKindField() kind!: string;
  @UuidField() account_id!: string;
  @UuidField({ nullable: true }) withdrawal_id!: string | null;
  @TextField({}, { nullable: true }) reference!: string | null;
  @UuidField({ nullable: true, description: 'the entry that this one takes back' })
  reverses!: string | null;
  @ReasonField({ nullable: true }) reason!: string | null;
  @TimeField({ description: 'when it counts' }) effective_at!: string;
  @TimeField({ description: 'when it was booked' }) recorded_at!: string;
  @NestedListField(() => PostingDto, {
    description: 'two at least; they sum to zero for each asset',
  })
  postings!: readonly PostingDto[];
  @ApiProperty({
    type: () => MoneyOrderDto,
    nullable: true,
    description: 'of a funding, a transfer or a reversal',
  })
  order!: MoneyOrderDto | null;
}
