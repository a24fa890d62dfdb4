import { ADDRESS_FAMILIES, type AddressFamily, upperCase } from '@sluice/kernel';
import {
  ChoiceField,
  DecimalField,
  FlagField,
  NestedListField,
  PatternField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';

const VENUE_STATES = ['on', 'paused', 'closing'] as const;

const DESTINATION_TYPES = ['address', 'venue_account', 'reference_account'] as const;

const CODE = /^[A-Z0-9][A-Z0-9_-]{0,31}$/;

const MAX_DECIMALS = 30;

const MAX_MS = 2_147_483_647;

const isDestinationType = (text: string): boolean =>
  DESTINATION_TYPES.some((known) => known === text);

/** Venue of a route, in the operator's request. */
export class RouteVenueDto {
  @PatternField(/^[a-z0-9_-]{1,32}$/, 'a venue of this system') venue!: string;
  @TextListField(
    { isGood: isDestinationType, expected: `one of ${DESTINATION_TYPES.join(', ')}`, min: 1 },
    { description: 'kinds of destination that it gets' },
  )
  pays!: readonly (typeof DESTINATION_TYPES)[number][];
  @ChoiceField(VENUE_STATES, { optional: true, description: 'default on' })
  state?: (typeof VENUE_STATES)[number] | null;
  @DecimalField({}, { optional: true }) min_amount?: string | null;
  @DecimalField({}, { optional: true }) max_amount?: string | null;
  @WholeNumberField(
    { min: 0, max: MAX_DECIMALS },
    { optional: true, description: 'most decimals that it pays; null: those of the currency' },
  )
  decimals?: number | null;
  @DecimalField({}, { optional: true }) fee_percent?: string | null;
  @DecimalField({}, { optional: true }) fee_flat?: string | null;
  @WholeNumberField(
    { min: 1, max: MAX_MS },
    { optional: true, description: 'default one hour; null: no limit' },
  )
  submit_within_ms?: number | null;
}

/** A route to be set, and its venues as the operator has read them. The order of a list is the order of preference. */
export class SetRouteDto {
  @PatternField(CODE, 'a code', { read: upperCase }) currency!: string;
  @PatternField(CODE, 'a code', { read: upperCase }) network!: string;
  @NestedListField(() => RouteVenueDto) was!: readonly RouteVenueDto[];
  @NestedListField(() => RouteVenueDto) venues!: readonly RouteVenueDto[];
}

/** Venues paying a currency on a network, in order of preference, each with all fields. */
export class RouteDto {
  @PatternField(CODE, 'a code') currency!: string;
  @PatternField(CODE, 'a code') network!: string;
  @NestedListField(() => RouteVenueDto) venues!: readonly Required<RouteVenueDto>[];
}

/**
 * `replaced`: a later version with the same start was recorded, hence this version never takes
 * effect.
 */
const VERSION_STATES = ['coming', 'in_force', 'over', 'replaced'] as const;

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

/** Common fields of a version of terms. */
export class VersionDto {
  @WholeNumberField({ min: 0, max: MAX_VERSION }, { description: '0: initial version' })
  version!: number;
  @TimeField({ nullable: true }) effective_at!: string | null;
  @TimeField({ nullable: true }) recorded_at!: string | null;
  @TextField({ max: 1_000 }, { nullable: true }) requested_by!: string | null;
  @TextField({ max: 1_000 }, { nullable: true }) approved_by!: string | null;
  @ChoiceField(VERSION_STATES) state!: (typeof VERSION_STATES)[number];
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

const VENUES_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export class SetVenueAssetDto {
  @WholeNumberField(
    { min: 0, max: MAX_VERSION },
    { optional: true, description: 'the newest version that was read; null: there is none' },
  )
  after_version?: number | null;
  @PatternField(CODE, 'a code', { read: upperCase }) currency!: string;
  @PatternField(CODE, 'a code', { read: upperCase }) network!: string;
  @PatternField(VENUES_NAME, 'a name of the venue’s', {
    description:
      'the venue’s name of the chain, or of the currency on the chain if the venue has one name for both. It never changes',
  })
  code!: string;
  @FlagField({ description: 'false: nothing new is taken' }) active!: boolean;
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

const NO_CEILING = { nullable: true, description: 'null: nothing of it is sent' };

export class VenueAssetDto {
  @PatternField(CODE, 'a code') currency!: string;
  @PatternField(CODE, 'a code') network!: string;
  @FlagField() built_in!: boolean;
  @TextField({ max: 64 }, { nullable: true, description: 'null: built in' }) code!: string | null;
  @FlagField() active!: boolean;
  @DecimalField({}, { nullable: true }) unit_worth_eur!: string | null;
  @DecimalField({}, NO_CEILING) most_by_call!: string | null;
  @DecimalField({}, NO_CEILING) most_by_hour!: string | null;
  @DecimalField({}, NO_CEILING) most_by_day!: string | null;
  @WholeNumberField({ min: 0, max: MAX_VERSION }, { description: '0: built in' }) version!: number;
  @TimeField({ nullable: true }) recorded_at!: string | null;
  @TextField({ max: 1_000 }, { nullable: true }) requested_by!: string | null;
  @TextField({ max: 1_000 }, { nullable: true }) approved_by!: string | null;
}
