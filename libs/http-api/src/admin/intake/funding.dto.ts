import { DecimalField, PatternField, TextField, UuidField } from '../../http/fields.js';
import { OnceField } from '../../http/text-fields.js';
import { upperCase } from '@sluice/kernel';
import { EvidenceField } from '../ledger/ledger-fields.js';

const CODE = /^[A-Z0-9_-]{1,32}$/;

/** Funding from outside. A reference funds an account only once. */
export class FundAccountDto {
  @PatternField(CODE, 'a currency code', { read: upperCase }) currency!: string;
  @PatternField(CODE, 'a network code', { read: upperCase }) network!: string;
  @DecimalField({ moreThanZero: true }) amount!: string;
  @OnceField({ description: 'reference of the incoming money' }) reference!: string;
  @EvidenceField() evidence?: string;
}

/** Ledger entry of the funding; a repeated request returns the first entry. */
export class AccountFundingDto {
  @UuidField() account_id!: string;
  @TextField({ max: 65 }, { example: 'USDT.ETH' }) asset!: string;
  @DecimalField() amount!: string;
  @TextField() reference!: string;
  @UuidField() entry_id!: string;
}
