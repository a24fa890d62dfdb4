import { ApiProperty } from '@nestjs/swagger';
import { DESTINATION_SCHEMA, type WireDestination } from '@sluice/kernel';
import {
  ChoiceField,
  FlagField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { DestinationField } from '../../http/destination-field.js';
import { LabelField } from '../../http/text-fields.js';
import { LedgerAccountParams } from './accounts.dto.js';

/** Party whose confirmation a new entry needs, besides its author. */
export const CONFIRMATIONS = ['none', 'key', 'person'] as const;
export type BookConfirmation = (typeof CONFIRMATIONS)[number];

const LONGEST_WAIT_HOURS = 720;
const MOST_ENTRIES = 1_000;

export class AddressEntryParams extends LedgerAccountParams {
  @UuidField() entry_id!: string;
}

/** API key on whose behalf intake-api acts. A person sends no key. */
export class AddressBookActionDto {
  @TextField({ max: 128 }, { optional: true, description: 'API key; only from intake-api' })
  key_id?: string | null;
}

export class AddAddressDto extends AddressBookActionDto {
  @TextField({ max: 64 }, { description: 'network, as in the asset: `ETH` of `USDT.ETH`' })
  network!: string;
  @DestinationField() destination!: WireDestination;
  @LabelField({ description: 'name for people' })
  label!: string;
}

export class AddressEntriesQuery {
  @UuidField({ optional: true, description: 'entries after this id' }) after?: string;
  @WholeNumberField({ min: 1, max: MOST_ENTRIES }, { optional: true, description: 'default 100' })
  limit?: number;
}

/** Entry of an address book. It counts from `usable_at` on, until its removal. */
export class AddressEntryDto {
  @UuidField() id!: string;
  @UuidField() account_id!: string;
  @TextField() network!: string;
  @ApiProperty(DESTINATION_SCHEMA) destination!: WireDestination;
  @TextField() label!: string;
  @TextField({}, { description: '`key:ID` or `person:NAME`' }) author!: string;
  @TimeField() added_at!: string;
  @ChoiceField(CONFIRMATIONS, { description: 'confirmation that the entry needed' })
  confirmation!: BookConfirmation;
  @TextField({}, { nullable: true, description: '`key:ID` or `person:NAME`' })
  confirmed_by!: string | null;
  @TimeField({ nullable: true, description: 'null: the entry waits for its confirmation' })
  usable_at!: string | null;
  @TimeField({ nullable: true }) removed_at!: string | null;
  @TextField({}, { nullable: true }) removed_by!: string | null;
}

/** Settings of an address book. */
class AddressBookSettingsDto {
  @FlagField({ description: 'payments only to usable entries; default false' })
  only_book!: boolean;
  @ChoiceField(CONFIRMATIONS, { description: 'confirmation of new entries; default `none`' })
  confirmation!: BookConfirmation;
  @WholeNumberField(
    { min: 1, max: LONGEST_WAIT_HOURS },
    { description: 'waiting time of new entries and of looser settings; default 24' },
  )
  waits_hours!: number;
}

export class SetAddressBookDto extends AddressBookSettingsDto {
  @TextField({ max: 128 }, { optional: true, description: 'API key; only from intake-api' })
  key_id?: string | null;
}

/** Looser settings that wait. */
class WaitingSettingsDto extends AddressBookSettingsDto {
  @TimeField() starts_at!: string;
}

/** Settings in force; `next` has the looser settings that wait. */
export class AddressBookDto extends AddressBookSettingsDto {
  @UuidField() account_id!: string;
  @ApiProperty({ type: WaitingSettingsDto, nullable: true }) next!: WaitingSettingsDto | null;
}
