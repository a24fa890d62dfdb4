import { TextField, UuidField } from '@sluice/http-api';
import { AmountField, AssetField } from './ledger-fields.js';

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

export class FundLedgerAccountDto {
  @AssetField() asset!: string;
  @AmountField() amount!: string;
  @TextField({}, { description: 'one reference funds an account once' }) reference!: string;
}

export class LedgerFundingDto extends FundLedgerAccountDto {
  @UuidField() account_id!: string;
  @UuidField({ description: 'the journal entry of the first time' }) entry_id!: string;
}
