import { upperCase } from '@sluice/kernel';
import {
  DecimalField,
  FlagField,
  PatternField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { OnceField } from '../../http/text-fields.js';
import { EvidenceField } from '../ledger/ledger-fields.js';

/**
 * Path parameters of an account. Text without id format names no account: the response is 404, not
 * 422.
 */
export class AccountParams {
  @TextField() account_id!: string;
}

export class CreateAccountDto {
  @TextField({}, { description: 'display name' }) name!: string;
  @FlagField({
    optional: true,
    description: 'one client reference is good once for all keys; otherwise once for each',
  })
  keys_share_references?: boolean | null;
  @FlagField({ optional: true, description: 'a withdrawal without a client_reference is refused' })
  requires_reference?: boolean | null;
}

export class AccountSettingsDto {
  @FlagField({ description: 'a withdrawal without a client_reference is refused' })
  requires_reference!: boolean;
}

export class CreatedAccountDto {
  @UuidField() account_id!: string;
  @TextField() name!: string;
  @FlagField() keys_share_references!: boolean;
  @FlagField() requires_reference!: boolean;
}

/** Account in the list of accounts. */
export class AccountRowDto extends CreatedAccountDto {
  @TimeField() created_at!: string;
  /** Number of keys not revoked. */
  @WholeNumberField({ min: 0, max: 1_000_000 }) keys!: number;
}

/**
 * Balance of an account in a currency on a network: total, reserved and available. Decimal text.
 */
export class AccountBalanceDto {
  @TextField({ max: 32 }) currency!: string;
  @TextField({ max: 32 }) network!: string;
  @TextField() balance!: string;
  @TextField() held!: string;
  @TextField() available!: string;
}

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
