import { ApiProperty } from '@nestjs/swagger';
import { utcTime } from '@sluice/kernel';
import {
  ChoiceField,
  Field,
  NestedListField,
  PatternField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { OnceField } from '../../http/text-fields.js';
import { InvariantReportDto } from '../platform/checks.dto.js';
import { LedgerAccountParams } from './accounts.dto.js';
import { HoldDto } from './hold-record.js';
import {
  AmountField,
  AssetField,
  EvidenceField,
  ReasonField,
  SHARED_ACCOUNT_EXAMPLE,
  SumField,
} from './ledger-fields.js';

function EntryKindField(): PropertyDecorator {
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

/** Bookings that the outcomes of a withdrawal would make now. */
export class HoldOutcomesDto {
  @ApiProperty({ type: () => HoldDto }) hold!: HoldDto;
  @NestedListField(() => PostingDto, {
    description: 'booked if the payment is proven; the venue’s fee is added once it is known',
  })
  capture!: readonly PostingDto[];
  @TextField({}, { nullable: true, description: 'why a capture would book nothing' })
  capture_refused!: string | null;
  @NestedListField(() => PostingDto, {
    description: 'booked if the payment is proven absent: nothing, because the hold is given back',
  })
  release!: readonly PostingDto[];
  @TextField({}, { nullable: true, description: 'why the hold would not be given back' })
  release_refused!: string | null;
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
  @TextField({}, { nullable: true, description: 'of a reversal: the lines, if not all others' })
  reference!: string | null;
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

const SIDE = {
  description: 'an account of the chart; a customer on either side is the one of the path',
  example: SHARED_ACCOUNT_EXAMPLE,
};

class TransferTermsDto {
  @TextField({}, SIDE) from!: string;
  @TextField({}, SIDE) to!: string;
  @AssetField() asset!: string;
  @AmountField() amount!: string;
  @OnceField({ description: 'one reference transfers once for an account' })
  reference!: string;
}

export class TransferFundsDto extends TransferTermsDto {
  @EvidenceField() evidence?: string;
}

export class TransferDto extends TransferTermsDto {
  @UuidField() account_id!: string;
  @UuidField({ description: 'the journal entry of the first time' }) entry_id!: string;
}

export class ReversalParams extends LedgerAccountParams {
  @UuidField() entry_id!: string;
}

function ReversedLinesField(): PropertyDecorator {
  return ChoiceField(['venue_fee'], {
    optional: true,
    description: 'only the lines of the venue’s fee in a capture; absent: all other lines',
  });
}

export class ReverseEntryDto {
  @ReasonField() reason!: string;
  @ReversedLinesField() lines?: 'venue_fee';
}

export class ReversalDto {
  @UuidField() account_id!: string;
  @UuidField({ description: 'the entry that takes the other one back' }) entry_id!: string;
  @UuidField({ description: 'the entry that is taken back' }) reverses!: string;
  @ReversedLinesField() lines?: 'venue_fee';
  @ReasonField() reason!: string;
}

/** Newest entry of a hash chain, in a proof's response or on `ledger.chain-heads`. */
export class ChainHeadDto {
  @WholeNumberField({ min: 0, max: 99_999, orText: true }) shard!: number;
  @PatternField(/^\d{1,19}$/, 'a whole number as text') sequence!: string;
  @PatternField(/^[0-9a-f]{64}$/, '64 hexadecimal digits') hash!: string;
  @TextField({}, { optional: true, description: 'the public key that signed it, in base64' })
  key?: string;
  @TextField(
    {},
    { optional: true, description: 'by Ed25519, in base64; a head without one is no head of ours' },
  )
  signature?: string;
}

export class ProveBookDto {
  @NestedListField(() => ChainHeadDto, {
    optional: true,
    description: 'heads that were published on `ledger.chain-heads` or proven before',
  })
  heads?: readonly ChainHeadDto[];
}

const DIVERGENCES = [
  'entry_missing',
  'entry_changed',
  'entry_key_unknown',
  'entry_misplaced',
  'head_differs',
  'published_head_differs',
  'checkpoint_differs',
  'checkpoint_forged',
  'entry_unchained',
  'entry_chained_twice',
];

/** The first place where a chain and the journal differ. */
class DivergenceDto {
  @ApiProperty({ enum: DIVERGENCES }) kind!: string;
  @ApiProperty({ type: 'integer', nullable: true }) shard!: number | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'number in the chain' })
  sequence!: string | null;
  @ApiProperty({ type: [String], description: 'up to 20 of those concerned' })
  entries!: readonly string[];
}

class ChainReportDto {
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description:
      'the checkpoint from which on the chains were walked; null while nothing is detached',
  })
  since!: string | null;
  @ApiProperty({ type: 'integer' }) entries!: number;
  @NestedListField(() => ChainHeadDto) heads!: readonly ChainHeadDto[];
  @NestedListField(() => ChainHeadDto, {
    description: 'of the heads that were given, those that this ledger did not sign',
  })
  forged!: readonly ChainHeadDto[];
  @ApiProperty({ type: () => DivergenceDto, nullable: true }) divergence!: DivergenceDto | null;
}

export class ProofDto {
  @ApiProperty() proven!: boolean;
  @ApiProperty({ description: 'the journal against its chains' }) chain!: ChainReportDto;
  @ApiProperty({ description: 'balances and holds, recomputed from the journal' })
  book!: InvariantReportDto;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export class DetachJournalDto {
  @Field(
    {
      check: (value) =>
        typeof value === 'string' && DATE.test(value) && utcTime(`${value}T00:00:00Z`) !== null
          ? null
          : 'Input should be a date such as 2026-11-01',
      schema: { type: 'string', format: 'date' },
    },
    { description: 'the months before the one of this date are detached', example: '2026-11-01' },
  )
  before!: string;
}

export class DetachmentDto {
  @TimeField() until!: string;
  @ApiProperty({ type: [String] }) partitions!: readonly string[];
  @PatternField(/^\d+$/, 'a whole number as text', {
    description: 'in all detached partitions, these and earlier ones',
  })
  entries!: string;
  @NestedListField(() => ChainHeadDto, {
    description:
      'of the whole book as it was proven: to be kept, with the tables that were detached',
  })
  heads!: readonly ChainHeadDto[];
}
