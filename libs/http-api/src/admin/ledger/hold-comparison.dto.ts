import {
  ChoiceField,
  NestedListField,
  PatternField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
} from '../../http/fields.js';
import { AssetField, ReasonField, SumField } from './ledger-fields.js';
import { ChainHeadDto } from './proof.dto.js';

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
