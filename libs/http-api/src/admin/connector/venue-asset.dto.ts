import {
  DecimalField,
  FlagField,
  PatternField,
  TextField,
  TimeField,
  WholeNumberField,
} from '../../http/fields.js';
import { upperCase } from '@sluice/kernel';

const CODE = /^[A-Z0-9][A-Z0-9_-]{0,31}$/;
const VENUES_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MAX_VERSION = 1_000_000;

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
