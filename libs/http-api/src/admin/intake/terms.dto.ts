import {
  ChoiceField,
  DecimalField,
  FlagField,
  PatternField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { ADDRESS_FAMILIES, type AddressFamily, upperCase } from '@sluice/kernel';

/**
 * `replaced`: a later version with the same start was recorded, hence this version never takes
 * effect.
 */
const VERSION_STATES = ['coming', 'in_force', 'over', 'replaced'] as const;
export type VersionState = (typeof VERSION_STATES)[number];

const CODE = /^[A-Z0-9][A-Z0-9_-]{0,31}$/;
const MAX_DECIMALS = 30;
const MAX_VERSION = 1_000_000;
const AS_THE_CURRENCY = { nullable: true, description: 'null: as the currency has it' };

/** Common fields of a request for a new version of terms. */
class NextVersionDto {
  @WholeNumberField(
    { min: 0, max: MAX_VERSION },
    { optional: true, description: 'the newest version that was read; null: there is none' },
  )
  after_version?: number | null;
  @TimeField({
    optional: true,
    description:
      'start of validity, at least 15 s ahead, so that every instance has read the terms; default in 15 s',
  })
  effective_at?: string | null;
}

class VersionDto {
  @WholeNumberField({ min: 0, max: MAX_VERSION }, { description: '0: initial version' })
  version!: number;
  @TimeField({ nullable: true }) effective_at!: string | null;
  @TimeField({ nullable: true }) recorded_at!: string | null;
  @TextField({ max: 1_000 }, { nullable: true }) requested_by!: string | null;
  @TextField({ max: 1_000 }, { nullable: true }) approved_by!: string | null;
  @ChoiceField(VERSION_STATES) state!: VersionState;
}

export class SetNetworkTermsDto extends NextVersionDto {
  @PatternField(CODE, 'a code', { read: upperCase }) network!: string;
  @ChoiceField(ADDRESS_FAMILIES, {
    description: 'address format of the network; it cannot change',
  })
  family!: AddressFamily;
  @FlagField({ description: 'withdrawals on it are taken' }) active!: boolean;
}

export class NetworkTermsDto extends VersionDto {
  @PatternField(CODE, 'a code') network!: string;
  @ChoiceField(ADDRESS_FAMILIES) family!: AddressFamily;
  @FlagField() active!: boolean;
}

/** Complete new terms of a currency on a network, for accounts without terms of their own. */
export class SetCurrencyTermsDto extends NextVersionDto {
  @PatternField(CODE, 'a code', { read: upperCase }) currency!: string;
  @PatternField(CODE, 'a code', { read: upperCase }) network!: string;
  @TextField({}, { description: 'display name' }) name!: string;
  @TextField({ max: 128 }, { nullable: true, description: 'of a token: its contract' })
  contract_address!: string | null;
  @WholeNumberField({ min: 0, max: MAX_DECIMALS }) decimals!: number;
  @FlagField({ description: 'withdrawals of it are taken' }) active!: boolean;
  @FlagField({ description: 'also for accounts without own settings' })
  open_to_all!: boolean;
  @DecimalField() min_withdrawal_amount!: string;
  @DecimalField() withdrawal_fee_flat!: string;
  @DecimalField() withdrawal_fee_percent!: string;
  @DecimalField(
    { moreThanZero: true },
    {
      nullable: true,
      description:
        'of a currency for which no release has a ceiling: what one unit is worth in EUR, rather too much than too little',
    },
  )
  unit_worth_eur!: string | null;
}

export class CurrencyTermsDto extends VersionDto {
  @PatternField(CODE, 'a code') currency!: string;
  @PatternField(CODE, 'a code') network!: string;
  @TextField() name!: string;
  @TextField({ max: 128 }, { nullable: true }) contract_address!: string | null;
  @WholeNumberField({ min: 0, max: MAX_DECIMALS }) decimals!: number;
  @FlagField() active!: boolean;
  @FlagField() open_to_all!: boolean;
  @DecimalField() min_withdrawal_amount!: string;
  @DecimalField() withdrawal_fee_flat!: string;
  @DecimalField() withdrawal_fee_percent!: string;
  @DecimalField({}, { nullable: true }) unit_worth_eur!: string | null;
}

/** New terms of a single account for a currency on a network. */
export class SetAccountTermsDto extends NextVersionDto {
  @PatternField(CODE, 'a code', { read: upperCase }) currency!: string;
  @PatternField(CODE, 'a code', { read: upperCase }) network!: string;
  @FlagField({ description: 'the account may withdraw it' }) withdrawal_enabled!: boolean;
  @DecimalField({}, AS_THE_CURRENCY) min_withdrawal_amount!: string | null;
  @DecimalField({}, AS_THE_CURRENCY) withdrawal_fee_flat!: string | null;
  @DecimalField({}, AS_THE_CURRENCY) withdrawal_fee_percent!: string | null;
}

export class AccountTermsDto extends VersionDto {
  @UuidField() account_id!: string;
  @PatternField(CODE, 'a code') currency!: string;
  @PatternField(CODE, 'a code') network!: string;
  @FlagField() withdrawal_enabled!: boolean;
  @DecimalField({}, { nullable: true }) min_withdrawal_amount!: string | null;
  @DecimalField({}, { nullable: true }) withdrawal_fee_flat!: string | null;
  @DecimalField({}, { nullable: true }) withdrawal_fee_percent!: string | null;
}
