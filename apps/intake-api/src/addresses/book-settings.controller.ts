import { Body, Get, Put } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Answers, type AddressBookDto } from '@sluice/http-api';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { PublicController } from '../api-keys/public-controller.js';
import { MayRefuse, Ours } from '../http/may-refuse.js';
import { restTime } from '../http/rest-time.js';
import { AddressBookSettingsDto, AddressBookTermsDto } from './address.dto.js';
import { AddressBookClient } from './address-book-client.js';

/** Settings of the address book of the caller's account. */
@PublicController('v1/address-book')
export class BookSettingsController {
  constructor(private readonly book: AddressBookClient) {}

  @Get()
  @RequiresPermission('manage_addresses')
  @Ours()
  @ApiOperation({ operationId: 'getAddressBook', summary: 'Get the settings of the address book' })
  @Answers(AddressBookSettingsDto)
  @MayRefuse('not_found')
  async read(@Caller() caller: ApiKey): Promise<AddressBookSettingsDto> {
    return settingsShape(await this.book.settings(caller));
  }

  @Put()
  @RequiresPermission('manage_addresses')
  @Ours()
  @ApiOperation({
    operationId: 'setAddressBook',
    summary: 'State the settings of the address book',
    description:
      'Stricter settings take effect at once. Looser settings take effect after the waiting time in force, unless newer settings replace them.',
  })
  @Answers(AddressBookSettingsDto)
  @MayRefuse('not_found')
  async state(
    @Body() { only_book, confirmation, waits_hours }: AddressBookTermsDto,
    @Caller() caller: ApiKey,
  ): Promise<AddressBookSettingsDto> {
    return settingsShape(
      await this.book.setSettings(caller, { only_book, confirmation, waits_hours }),
    );
  }
}

function settingsShape({ only_book, confirmation, waits_hours, next }: AddressBookDto) {
  return {
    only_book,
    confirmation,
    waits_hours,
    next: next && { ...next, starts_at: restTime(new Date(next.starts_at)) },
  };
}
