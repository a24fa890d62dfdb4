import {
  ChoiceField,
  FlagField,
  NestedListField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import {
  AmountField,
  AssetField,
  EvidenceField,
  ReasonField,
  SHARED_ACCOUNT_EXAMPLE,
  SumField,
} from './ledger-fields.js';

export class LedgerAccountParams {
  @UuidField() account_id!: string;
}

export class OpenLedgerAccountDto {
  @UuidField({ description: 'chosen by the caller' }) account_id!: string;
  @TextField() name!: string;
}

export class LedgerAccountDto {
  @UuidField() account_id!: string;
  @TextField() name!: string;
}

class FundingTermsDto {
  @AssetField() asset!: string;
  @AmountField() amount!: string;
  @TextField({}, { description: 'one reference funds an account once' }) reference!: string;
}

export class FundLedgerAccountDto extends FundingTermsDto {
  @EvidenceField() evidence?: string;
  @TimeField({
    optional: true,
    description: 'effective time, if it differs from the time of the booking',
  })
  effective_at?: string;
}

export class LedgerFundingDto extends FundingTermsDto {
  @UuidField() account_id!: string;
  @UuidField({ description: 'the journal entry of the first time' }) entry_id!: string;
}

export class BalancesQuery {
  @TextField({}, { optional: true }) currency?: string;
  @TextField({}, { optional: true }) network?: string;
}

export class BalancesAtParams extends LedgerAccountParams {
  @TimeField({ description: 'the moment, itself included' }) time!: string;
}

export class BalancesAtQuery {
  @ChoiceField(['recorded', 'effective'], {
    optional: true,
    description:
      'time that decides whether an entry counts; default `recorded`. Holds have only the time of their decision',
  })
  by?: 'recorded' | 'effective';
}

export class LedgerBalanceDto {
  @AssetField() asset!: string;
  @TextField() currency!: string;
  @TextField() network!: string;
  @SumField('what is booked') posted!: string;
  @SumField('reserved part of the balance') held!: string;
  @SumField('the rest') available!: string;
}

export class FreezeParams extends LedgerAccountParams {
  @TextField() freeze_id!: string;
}

export class FreezeAccountDto {
  @TextField({}, { description: 'the case behind it; an account may have several' })
  freeze_id!: string;
  @ReasonField() reason!: string;
}

export class FreezeDto {
  @UuidField() account_id!: string;
  @TextField() freeze_id!: string;
}

export class FreezeInForceDto extends FreezeDto {
  @TextField() reason!: string;
  @TimeField() frozen_at!: string;
}

export class HouseAccountParams {
  @TextField({}, { example: SHARED_ACCOUNT_EXAMPLE }) account!: string;
}

/** Account of the firm in the chart of accounts. */
export class HouseAccountDto {
  @TextField({}, { example: SHARED_ACCOUNT_EXAMPLE }) account!: string;
}

export class HouseBalancesAtParams extends HouseAccountParams {
  @TimeField({ description: 'the moment, itself included' }) time!: string;
}

export class HouseBalancesDto {
  @NestedListField(() => LedgerBalanceDto) balances!: readonly LedgerBalanceDto[];
  @WholeNumberField(
    { min: 0, max: Number.MAX_SAFE_INTEGER },
    {
      description:
        'entries of the chains whose sums are not folded into days yet; they are in the balances all the same',
    },
  )
  unfolded!: number;
  @WholeNumberField(
    { min: 0, max: Number.MAX_SAFE_INTEGER },
    { description: 'age of the oldest of them' },
  )
  lag_ms!: number;
}

const PUBLIC_KEY = { description: 'Ed25519: SPKI in base64, the line inside of its PEM' };

export class AddSignerDto {
  @TextField({ max: 64 }, { description: 'the API key of the customer that it belongs to' })
  key_id!: string;
  @TextField({}, PUBLIC_KEY) public_key!: string;
}

export class RevokeSignerDto {
  @TextField({}, PUBLIC_KEY) public_key!: string;
}

/** Change of an account's signers. */
export class SignerDto {
  @UuidField() account_id!: string;
  @TextField({ max: 64 }) key_id!: string;
  @TextField() public_key!: string;
  @ChoiceField(['added', 'revoked']) change!: string;
  /** True if the key may sign now; never true for a row not written by the ledger. */
  @FlagField() in_force!: boolean;
  @TimeField() at!: string;
  @TextField({ max: 1_000 }) requested_by!: string;
  @TextField({ max: 1_000 }, { nullable: true }) approved_by!: string | null;
}

/** Order without the customer's valid signature. */
export class OrderCaseDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  @TextField({ max: 1_000 }) detail!: string;
  @TimeField() opened_at!: string;
}
