import {
  ChoiceField,
  FlagField,
  NestedListField,
  PatternField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { ChainHeadDto } from './journal.dto.js';
import { AssetField, ReasonField, SumField } from './ledger-fields.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Limits per call. */
export const MOST_COMPARED = 1_000;

export const MOST_SENT_AGAIN = 50;

const COMMANDS = [
  'ledger.open-account.v1',
  'ledger.place-hold.v1',
  'ledger.assign-hold.v1',
  'ledger.capture-hold.v1',
  'ledger.release-hold.v1',
  'ledger.record-venue-fee.v1',
  'ledger.return-payment.v1',
] as const;

function SumOrNullField(description: string): PropertyDecorator {
  return PatternField(/^[0-9]+(\.[0-9]+)?$/, 'a decimal string', { description, nullable: true });
}

/** Request by intake-api: withdrawals to compare, and the newest heads kept by intake-api. */
export class CompareHoldsDto {
  @NestedListField(() => ChainHeadDto, {
    description: 'newest heads answered before; the book halts if it lacks one',
  })
  heads!: readonly ChainHeadDto[];
  @TextListField({ isGood: (text) => UUID.test(text), expected: 'UUIDs', max: MOST_COMPARED })
  withdrawals!: readonly string[];
}

/** Hold of a withdrawal, with the amounts booked. */
export class ComparedHoldDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  @AssetField() asset!: string;
  @SumField('payout and fee together') amount!: string;
  @TextField({ max: 16 }) state!: string;
  @TextField({}, { nullable: true, description: 'venue that may pay or has paid the withdrawal' })
  venue!: string | null;
  @SumOrNullField('what was paid out') captured!: string | null;
  @SumOrNullField('what we took') fee!: string | null;
  @SumOrNullField('fee taken by the venue, as first booked') venue_fee!: string | null;
  @SumOrNullField('what came back after the payment') returned!: string | null;
}

export class HoldsComparedDto {
  @NestedListField(() => ComparedHoldDto, {
    description: 'those that the ledger has; a withdrawal that is left out has no hold there',
    max: MOST_COMPARED,
  })
  holds!: readonly ComparedHoldDto[];
  @NestedListField(() => ChainHeadDto, { description: 'where the chains end now, signed' })
  heads!: readonly ChainHeadDto[];
  @NestedListField(() => ChainHeadDto, {
    description: 'given heads that the ledger does not have: its database was restored',
  })
  lost!: readonly ChainHeadDto[];
  @TextField({}, { nullable: true, description: 'holds decided before left with their month' })
  detached_before!: string | null;
}

/** Range of withdrawal ids for reading the ledger's holds, both ends excluded. */
export class FindHoldsDto {
  @UuidField() after!: string;
  @UuidField() before!: string;
}

/** Placed or captured hold, with the fields needed by intake-api. */
export class FoundHoldDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  @AssetField() asset!: string;
  @SumField('payout and fee together') amount!: string;
  @TextField({ max: 16 }) state!: string;
  @TextField({}, { nullable: true, description: 'venue that may pay or has paid the withdrawal' })
  venue!: string | null;
  @TextField({}, { nullable: true, description: 'of the order that it is for' })
  digest!: string | null;
  @TextField({}, { nullable: true, description: 'the reference at venues of the client’s own' })
  reference!: string | null;
  @TimeField() placed_at!: string;
}

/** Command in the format of `ledger.commands`. */
export class CommandAgainDto {
  @ChoiceField(COMMANDS) type!: (typeof COMMANDS)[number];
  @TextField({ max: 30_000 }, { description: 'its data: a JSON object as text' }) data!: string;
}

/** Commands of a withdrawal, in order. */
export class WithdrawalAgainDto {
  @UuidField() withdrawal_id!: string;
  @NestedListField(() => CommandAgainDto, { max: 8 }) commands!: readonly CommandAgainDto[];
}

export class SendAgainDto {
  @NestedListField(() => WithdrawalAgainDto, { max: MOST_SENT_AGAIN })
  withdrawals!: readonly WithdrawalAgainDto[];
}

/** Result for the commands of a withdrawal. */
export class SentAgainDto {
  @UuidField() withdrawal_id!: string;
  @ReasonField({ nullable: true, description: 'why the ledger refused one; null: it has all' })
  refusal!: string | null;
}

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
