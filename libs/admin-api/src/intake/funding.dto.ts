import { DecimalField, PatternField, TextField, UuidField } from '@sluice/http-api';
import { upperCase } from '@sluice/money';
import { EvidenceField } from '../ledger/ledger-fields.js';

const CODE = /^[A-Z0-9_-]{1,32}$/;

/** Money that came from outside. One reference funds an account once. */
export class FundAccountDto {
  @PatternField(CODE, 'a currency code', { read: upperCase }) currency!: string;
  @PatternField(CODE, 'a network code', { read: upperCase }) network!: string;
  @DecimalField({ moreThanZero: true }) amount!: string;
  @TextField({}, { description: 'what the money came with' }) reference!: string;
  @EvidenceField() evidence?: string;
}

/** The entry in the ledger; asked again, the first one. */
export class AccountFundingDto {
  @UuidField() account_id!: string;
  @TextField({ max: 65 }, { example: 'USDT.ETH' }) asset!: string;
  @DecimalField() amount!: string;
  @TextField() reference!: string;
  @UuidField() entry_id!: string;
}
