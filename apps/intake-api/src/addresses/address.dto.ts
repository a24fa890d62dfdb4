import { ApiProperty } from '@nestjs/swagger';
import { DESTINATION_SCHEMA, upperCase, type WireDestination } from '@sluice/kernel';
import {
  ChoiceField,
  CONFIRMATIONS,
  FlagField,
  LabelField,
  meantOfDestination,
  RefuseMisspelt,
  TextField,
  UuidField,
  WholeNumberField,
  type BookConfirmation,
} from '@sluice/http-api';
import {
  RequestedDestinationField,
  ToAddressField,
} from '../withdrawals/requests/create-withdrawal.dto.js';
import { NULLABLE_TIME } from '../withdrawals/answers/withdrawal.dto.js';

const MOST_HOURS = 720;
const MOST_ADDRESSES = 1_000;
const ADDRESS_STATES = ['waiting_for_confirmation', 'waiting', 'usable', 'removed'] as const;
export type AddressState = (typeof ADDRESS_STATES)[number];

export class AddressIdParams {
  @UuidField() address_id!: string;
}

export class AddressesQuery {
  @UuidField({ optional: true, description: 'id of the last address of the page before' })
  after?: string;
  @WholeNumberField({ min: 1, max: MOST_ADDRESSES }, { optional: true, description: 'default 100' })
  limit?: number;
}

/** Body of `POST /v1/addresses`; recipients are given as in `POST /v1/withdrawals`. */
@RefuseMisspelt(meantOfDestination)
export class RegisterAddressDto {
  @TextField({ max: 32 }, { read: upperCase, description: 'upper or lower case', example: 'TRX' })
  network!: string;
  @ToAddressField() to_address?: string | null;
  @RequestedDestinationField() destination?: WireDestination | null;
  @LabelField({ description: 'name for people' }) label!: string;
}

/** Address of the account's book. Payments may use it from `usable_at` on. */
export class AddressDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'TRX' }) network!: string;
  @ApiProperty(DESTINATION_SCHEMA) destination!: WireDestination;
  @ApiProperty() label!: string;
  @ApiProperty({ enum: ADDRESS_STATES }) state!: AddressState;
  @ApiProperty({ description: 'API key, or `operator`' }) added_by!: string;
  @ApiProperty({ example: '2026-05-16T22:00:00Z' }) added_at!: string;
  @ApiProperty({ enum: CONFIRMATIONS, description: 'confirmation that the address needs' })
  confirmation!: BookConfirmation;
  @ApiProperty({ type: 'string', nullable: true, description: 'API key, or `operator`' })
  confirmed_by!: string | null;
  @ApiProperty({ ...NULLABLE_TIME, description: 'null while the confirmation is missing' })
  usable_at!: string | null;
  @ApiProperty(NULLABLE_TIME) removed_at!: string | null;
}

/** Settings of the account's address book. */
@RefuseMisspelt()
export class AddressBookTermsDto {
  @FlagField({ description: 'payments only to usable addresses of the book; default false' })
  only_book!: boolean;
  @ChoiceField(CONFIRMATIONS, {
    description:
      'confirmation of new addresses: none, by another API key, or by an operator; default `none`',
  })
  confirmation!: BookConfirmation;
  @WholeNumberField(
    { min: 1, max: MOST_HOURS },
    { description: 'waiting time of new addresses and of looser settings; default 24' },
  )
  waits_hours!: number;
}

/** Looser settings that wait. */
class WaitingTermsDto extends AddressBookTermsDto {
  @ApiProperty({ example: '2026-05-17T22:00:00Z' }) starts_at!: string;
}

export class AddressBookSettingsDto extends AddressBookTermsDto {
  @ApiProperty({ type: WaitingTermsDto, nullable: true, description: 'looser settings that wait' })
  next!: WaitingTermsDto | null;
}
