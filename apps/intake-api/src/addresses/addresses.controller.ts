import { Body, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { type AddressBookDto, type AddressEntryDto, Answers, AnswersList } from '@sluice/http-api';
import { canonicalDestination, destinationOf, refuse, wireDestination } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { recipientRefusal } from '@sluice/withdrawal-core';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { PublicController } from '../api-keys/public-controller.js';
import { CatalogueStore } from '../catalogue/catalogue-store.js';
import { MayRefuse, Ours, PublicError } from '../http/public-error.js';
import { restTime } from '../http/rest-time.js';
import { valueOrRefusal } from '../withdrawals/answers/refusal-response.js';
import { AddressBookClient } from './address-book-client.js';
import {
  AddressBookSettingsDto,
  AddressBookTermsDto,
  AddressDto,
  AddressesQuery,
  AddressIdParams,
  type AddressState,
  RegisterAddressDto,
} from './address.dto.js';

/** Addresses of the caller's account. */
@PublicController('v1/addresses')
export class AddressesController {
  constructor(
    private readonly book: AddressBookClient,
    private readonly catalogue: CatalogueStore,
    private readonly database: Database,
  ) {}

  @Get()
  @RequiresPermission('manage_addresses')
  @Ours()
  @ApiOperation({
    operationId: 'listAddresses',
    summary: 'List the addresses of the book',
    description: 'Oldest first, removed addresses included.',
  })
  @AnswersList(AddressDto)
  @MayRefuse('not_found')
  async list(@Query() query: AddressesQuery, @Caller() caller: ApiKey): Promise<AddressDto[]> {
    return (await this.book.list(caller, query)).map((entry) => this.shapeOf(entry));
  }

  @Post()
  @HttpCode(200)
  @RequiresPermission('manage_addresses')
  @Ours()
  @ApiOperation({
    operationId: 'addAddress',
    summary: 'Add an address to the book',
    description:
      'Payments may use the address after the waiting time of the book. An equal address of the book is returned again.',
  })
  @Answers(AddressDto)
  @MayRefuse(
    'network_not_found',
    'invalid_address',
    'lost_address',
    'own_address',
    'address_book_full',
    'not_found',
  )
  async add(@Body() body: RegisterAddressDto, @Caller() caller: ApiKey): Promise<AddressDto> {
    const { network, to_address: address, label } = body;
    const given = destinationOf(body.destination ?? { type: 'address', address });
    const destination = canonicalDestination(network, given);
    const catalogue = await this.catalogue.forAccount(caller.accountId);
    if (!catalogue.hasNetwork(network)) throw PublicError.of('network_not_found');
    const fault = recipientRefusal(destination, network, catalogue);
    if (fault !== null) return valueOrRefusal(refuse(fault));
    const entry = { network, destination: wireDestination(destination), label };
    return this.shapeOf(await this.book.add(caller, entry));
  }

  @Post(':address_id/confirm')
  @HttpCode(200)
  @RequiresPermission('manage_addresses')
  @Ours()
  @ApiOperation({
    operationId: 'confirmAddress',
    summary: 'Confirm an address that another API key has added',
    description: 'The waiting time of the address begins with its confirmation.',
  })
  @Answers(AddressDto)
  @MayRefuse(
    'address_not_found',
    'address_by_another_key',
    'address_by_a_person',
    'address_not_waiting',
  )
  async confirm(
    @Param() { address_id }: AddressIdParams,
    @Caller() caller: ApiKey,
  ): Promise<AddressDto> {
    return this.shapeOf(await this.book.confirm(caller, address_id));
  }

  @Delete(':address_id')
  @RequiresPermission('manage_addresses')
  @Ours()
  @ApiOperation({
    operationId: 'removeAddress',
    summary: 'Remove an address from the book',
    description: 'The removal takes effect at once.',
  })
  @Answers(AddressDto)
  @MayRefuse('address_not_found')
  async remove(
    @Param() { address_id }: AddressIdParams,
    @Caller() caller: ApiKey,
  ): Promise<AddressDto> {
    return this.shapeOf(await this.book.remove(caller, address_id));
  }

  private shapeOf(entry: AddressEntryDto): AddressDto {
    const { id, network, destination, label, confirmation, usable_at, removed_at } = entry;
    return {
      id,
      network,
      destination,
      label,
      state: stateOf(entry, this.database.clock.now()),
      added_by: publicName(entry.author),
      added_at: restTime(new Date(entry.added_at)),
      confirmation,
      confirmed_by: entry.confirmed_by && publicName(entry.confirmed_by),
      usable_at: restTime(usable_at === null ? null : new Date(usable_at)),
      removed_at: restTime(removed_at === null ? null : new Date(removed_at)),
    };
  }
}

function stateOf(
  { usable_at: usableAt, removed_at: removedAt }: AddressEntryDto,
  now: Date,
): AddressState {
  if (removedAt !== null) return 'removed';
  if (usableAt === null) return 'waiting_for_confirmation';
  return Date.parse(usableAt) <= now.getTime() ? 'usable' : 'waiting';
}

/** Names of our people are not for customers. */
function publicName(author: string): string {
  return author.startsWith('key:') ? author.slice('key:'.length) : 'operator';
}

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
