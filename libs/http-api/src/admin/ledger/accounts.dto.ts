import { TextField, TimeField, UuidField } from '../../http/fields.js';
import { AmountField, AssetField, EvidenceField } from './ledger-fields.js';

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
