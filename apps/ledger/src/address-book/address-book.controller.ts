import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AddAddressDto,
  AddressBookActionDto,
  AddressBookDto,
  LedgerAccountParams,
  AddressEntriesQuery,
  AddressEntryDto,
  AddressEntryParams,
  AdminController,
  Answers,
  AnswersList,
  CallerOf,
  Refuses,
  Requires,
  ROLES,
  SetAddressBookDto,
  type Caller,
} from '@sluice/http-api';
import { AddressEntries } from './address-entries.js';
import { StateSettings } from './address-book-settings.js';

const INTAKE = 'service:intake-api';
const NO_KEY = 'intake-api names no key, or a person names a key';
const UNKNOWN = 'no such account';

/** Address books of the accounts. */
@AdminController('accounts')
export class AddressBookController {
  constructor(
    private readonly entries: AddressEntries,
    private readonly settings: StateSettings,
  ) {}

  @Get(':account_id/addresses')
  @Requires(...ROLES, INTAKE)
  @ApiOperation({ summary: 'Entries of an address book, removed entries included, oldest first' })
  @AnswersList(AddressEntryDto)
  @Refuses({ 422: 'the account or the page cannot be read' })
  addresses(
    @Param() { account_id }: LedgerAccountParams,
    @Query() query: AddressEntriesQuery,
  ): Promise<AddressEntryDto[]> {
    return this.entries.list(account_id, query);
  }

  @Post(':account_id/addresses')
  @Requires('administer', INTAKE)
  @ApiOperation({
    summary: 'Adds an entry, which counts after its waiting time; an equal entry is returned again',
  })
  @Answers(AddressEntryDto)
  @Refuses({ 404: UNKNOWN, 409: 'the address book is full', 422: NO_KEY })
  addAddress(
    @Param() { account_id }: LedgerAccountParams,
    @Body() body: AddAddressDto,
    @CallerOf() caller: Caller,
  ): Promise<AddressEntryDto> {
    return this.entries.add(account_id, body, caller);
  }

  @Post(':account_id/addresses/:entry_id/confirm')
  @Requires('administer', 'approve', INTAKE)
  @ApiOperation({ summary: 'Confirms an entry of another author; its waiting time begins' })
  @Answers(AddressEntryDto)
  @Refuses({
    404: 'no such account or entry',
    409: 'the entry needs no confirmation, is confirmed or removed, or needs another party',
    422: NO_KEY,
  })
  confirmAddress(
    @Param() entry: AddressEntryParams,
    @Body() { key_id }: AddressBookActionDto,
    @CallerOf() caller: Caller,
  ): Promise<AddressEntryDto> {
    return this.entries.confirm(entry, key_id, caller);
  }

  @Post(':account_id/addresses/:entry_id/remove')
  @Requires('administer', 'operate', INTAKE)
  @ApiOperation({ summary: 'Removes an entry at once' })
  @Answers(AddressEntryDto)
  @Refuses({ 404: 'no such account or entry', 422: NO_KEY })
  removeAddress(
    @Param() entry: AddressEntryParams,
    @Body() { key_id }: AddressBookActionDto,
    @CallerOf() caller: Caller,
  ): Promise<AddressEntryDto> {
    return this.entries.remove(entry, key_id, caller);
  }

  @Get(':account_id/address-book')
  @Requires(...ROLES, INTAKE)
  @ApiOperation({ summary: 'Settings of an address book' })
  @Answers(AddressBookDto)
  @Refuses({ 404: UNKNOWN, 422: 'the account cannot be read' })
  addressBook(@Param() { account_id }: LedgerAccountParams): Promise<AddressBookDto> {
    return this.settings.read(account_id);
  }

  @Post(':account_id/address-book')
  @Requires('administer', INTAKE)
  @ApiOperation({
    summary: 'States the settings; looser settings take effect after the waiting time in force',
  })
  @Answers(AddressBookDto)
  @Refuses({ 404: UNKNOWN, 422: NO_KEY })
  setAddressBook(
    @Param() { account_id }: LedgerAccountParams,
    @Body() body: SetAddressBookDto,
    @CallerOf() caller: Caller,
  ): Promise<AddressBookDto> {
    return this.settings.run(account_id, body, caller);
  }
}
